"""Texts with places, and how long a text message is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.sms import Size, size_of
from citizens.template import Unfit, filled, places


def test_places_are_filled_and_braces_kept() -> None:
    assert places("le {date} à {place}, {{non}}") == {"date", "place"}
    assert filled("le {date}, {{non}}", {"date": "3 mai", "more": "x"}) == "le 3 mai, {non}"


@pytest.mark.parametrize("text", ["{", "}", "{Date}", "{a.b}", "{a!r}", "{0}", "{a[b]}", "{__class__}", "{}"])
def test_nothing_but_a_name_is_a_place(text: str) -> None:
    with pytest.raises(Unfit):
        places(text)
    with pytest.raises(Unfit):
        filled(text, {"a": "x", "0": "x", "Date": "x", "__class__": "x"})


def test_a_missing_word_is_an_error() -> None:
    with pytest.raises(Unfit) as fault:
        filled("le {date}", {})
    assert (fault.value.code, fault.value.name) == ("missing", "date")


@pytest.mark.parametrize(
    "value",
    [
        "3 mai\r\nBcc: x@evil",
        "a\u2028b",
        "a\u202eb",
        "a\x00b",
        "a\x85b",
        "{date}",
        "\ud800",
        "a\x0bb",
    ],
)
def test_a_value_stays_in_its_line(value: str) -> None:
    text = filled("le {date}.", {"date": value})
    assert len(text.splitlines()) == 1
    assert not any(sign in text for sign in "\r\n\0\u2028\u202e\ud800")
    text.encode()


def test_a_giant_value_is_refused() -> None:
    with pytest.raises(Unfit, match="too_long"):
        filled("{a}", {"a": "x" * 501})


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Size("gsm7", 0, 1)),
        ("a" * 160, Size("gsm7", 160, 1)),
        ("a" * 161, Size("gsm7", 161, 2)),
        ("€" * 80, Size("gsm7", 160, 1)),
        ("a" * 152 + "€" + "a" * 10, Size("gsm7", 164, 2)),
        ("a" * 152 + "€" + "a" * 151, Size("gsm7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Size("gsm7", 306, 3)),  # the escape is not cut: one place is lost
        ("Rendez-vous à 9 h, ça va ?", Size("ucs2", 26, 1)),  # ç is not in it, Ç is
        ("ç" * 70, Size("ucs2", 70, 1)),
        ("ç" * 71, Size("ucs2", 71, 2)),
        ("😀" * 35, Size("ucs2", 70, 1)),
        ("😀" * 36, Size("ucs2", 72, 2)),
        ("😀" * 67, Size("ucs2", 134, 3)),  # 33 pairs a part
    ],
)
def test_length_and_parts(text: str, size: Size) -> None:
    assert size_of(text) == size


@given(st.text(max_size=400))
def test_parts_hold_it_all(text: str) -> None:
    size = size_of(text)
    one, each = (160, 153) if size.alphabet == "gsm7" else (70, 67)
    assert size.length <= (one if size.parts == 1 else size.parts * each)
    assert size.parts == 1 or size.length > one
