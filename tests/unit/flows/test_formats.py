"""What citizens key or type: taken in each way they would write it, and refused with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.formats import FORMATS, Bad, Good, check_key, masked, read

TODAY = dt.date(2026, 11, 30)
NUMBER = "1234567" + check_key("1234567")


@pytest.mark.parametrize(
    ("name", "raw", "way", "expected"),
    [
        ("beneficiary", NUMBER, "keys", NUMBER),
        ("beneficiary", f"{NUMBER}#", "keys", NUMBER),
        ("beneficiary", f" 123 456 7-{NUMBER[7:]} ", "text", NUMBER),
        ("beneficiary", f"١٢٣٤٥٦٧{NUMBER[7:]}", "text", NUMBER),  # Arabic-Indic digits
        ("insured", "2850375116001" + check_key("2850375116001"), "keys", None),
        ("insured", "185032A116001" + check_key("185032A116001"), "text", None),
        ("birth-date", "12031985", "keys", "1985-03-12"),
        ("birth-date", "12/03/1985", "text", "1985-03-12"),
        ("birth-date", "1985-03-12", "text", "1985-03-12"),
        ("birth-date", "1er août 1985", "text", "1985-08-01"),
        ("birth-date", "12 MARS 1985", "text", "1985-03-12"),
        ("birth-date", "12 March 1985", "text", "1985-03-12"),
        ("birth-date", "12 مارس 1985", "text", "1985-03-12"),
        ("birth-date", "12 de março de 1985", "text", "1985-03-12"),
        ("birth-date", "29022024", "keys", "2024-02-29"),
        ("date", "24/12/2030", "text", "2030-12-24"),
        ("postcode", "69001", "keys", "69001"),
        ("postcode", "97 400", "text", "97400"),
        ("phone", "0612345678", "keys", "+33612345678"),
        ("phone", "06.12.34.56.78", "text", "+33612345678"),
        ("phone", "+44 20 7946 0958", "text", "+442079460958"),
        ("phone", "00442079460958", "keys", "+442079460958"),
        ("number", "007", "keys", "7"),
        ("digits", "007", "keys", "007"),
        ("text", "Mon loyer\nest impayé \x1b[31m", "text", "Mon loyer\nest impayé [31m"),
    ],
)
def test_taken(name: str, raw: str, way, expected):
    taken = read(name, raw, way, TODAY)
    assert isinstance(taken, Good)
    assert expected is None or taken.value == expected


@pytest.mark.parametrize(
    ("name", "raw", "way", "reason"),
    [
        ("beneficiary", "", "keys", "empty"),
        ("beneficiary", "#", "keys", "empty"),
        ("beneficiary", NUMBER[:-1], "keys", "length"),
        ("beneficiary", NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), "keys", "key"),
        ("birth-date", "31021985", "keys", "date"),
        ("birth-date", "12/03/85", "text", "date"),  # which century?
        ("birth-date", "01012027", "keys", "future"),
        ("birth-date", "01011890", "keys", "date"),
        ("birth-date", "12 brumaire 1985", "text", "date"),
        ("postcode", "6900", "keys", "length"),
        ("postcode", "99123", "keys", "unknown"),
        ("phone", "12", "keys", "length"),
        ("phone", "0000000000", "keys", "length"),
        ("phone", "call me", "text", "length"),
        ("text", "12", "keys", "unavailable"),
    ],
)
def test_refused(name: str, raw: str, way, reason: str):
    assert read(name, raw, way, TODAY) == Bad(reason)


def test_what_is_read_back():
    assert read("phone", "0612345678", "keys", TODAY) == Good("+33612345678", "06 12 34 56 78")
    assert read("beneficiary", NUMBER, "keys", TODAY) == Good(NUMBER, f"123 456 7 {NUMBER[7:]}")
    assert read("birth-date", "12031985", "keys", TODAY) == Good("1985-03-12", "1985-03-12", "date")
    assert masked("1234567") == "•••••67"


@given(st.integers(0, 9_999_999), st.integers(0, 8), st.integers(1, 9))
def test_the_key_finds_every_single_wrong_digit(number: int, place: int, more: int):
    whole = f"{number:07}" + check_key(f"{number:07}")
    wrong = whole[:place] + str((int(whole[place]) + more) % 10) + whole[place + 1 :]
    assert isinstance(read("beneficiary", whole, "keys", TODAY), Good)
    assert isinstance(read("beneficiary", wrong, "keys", TODAY), Bad)


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=60), st.sampled_from(["keys", "text"]))
def test_whatever_is_entered_gets_an_answer(name: str, raw: str, way):
    """And what was taken is taken again in its normal form."""
    taken = read(name, raw, way, TODAY)
    if isinstance(taken, Good) and name != "text":
        again = read(name, taken.value, "text", TODAY)
        assert isinstance(again, Good)
        assert again.value == taken.value
