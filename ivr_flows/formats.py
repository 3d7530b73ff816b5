"""What citizens key or type when they are asked for something: is it well formed, how is it read back? Pure.

The same formats serve a telephone (digits, `#` ends) and a text (spaces, letters, months by name). A fault
is told as a reason the flow can say. It must never keep what was entered, nor put it into an error.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import phonenumbers
from babel.dates import get_month_names
from msgspec import Struct

from ivr_flows.locales import locale_of

Way = Literal["keys", "text"]
Reason = Literal["empty", "length", "key", "date", "future", "unknown", "unavailable"]

OLDEST = 125  # years
TEXT_MAX = 2000
KEY_OF = 97


class Good(Struct, frozen=True):
    """`value` in its one normal form; `heard` is what to read back, as this `kind` (wording.py)."""

    value: str
    heard: str
    kind: str = "digits"


class Bad(Struct, frozen=True):
    """Why it was not taken, as one word that a flow may branch on or say."""

    reason: Reason


class Format(Struct, frozen=True):
    """`keys_max`: digits after which a telephone need not wait for `#`; 0: cannot be keyed."""

    read: Callable[[str, Way, dt.date], Good | Bad]
    keys_min: int
    keys_max: int
    example: str


def read(name: str, raw: str, way: Way, today: dt.date) -> Good | Bad:
    """What was entered, as this format. Raises KeyError for a format that does not exist."""
    wanted = FORMATS[name]
    if way == "keys" and not wanted.keys_max:
        return Bad("unavailable")
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in raw)  # an Arabic 5 is a 5
    entered = unicodedata.normalize("NFKC", plain).strip().rstrip("#").strip()
    return wanted.read(entered, way, today) if entered else Bad("empty")


def masked(value: str) -> str:
    """All but the last two signs hidden."""
    return "•" * max(0, len(value) - 2) + value[-2:]


def _squeezed(raw: str) -> str:
    return re.sub(r"[\s.\-/]", "", raw).upper()


def _grouped(digits: str, size: int) -> str:
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))


def check_key(number: str) -> str:
    """The two digits that follow a number: 97 less its remainder by 97, Corsica's letters being digits."""
    plain = number.replace("2A", "19", 1).replace("2B", "18", 1)
    return f"{KEY_OF - int(plain) % KEY_OF:02}"


def _beneficiary(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """Seven digits and their key of two."""
    number = _squeezed(raw)
    if not re.fullmatch(r"[0-9]{9}", number):
        return Bad("length")
    if check_key(number[:7]) != number[7:]:
        return Bad("key")
    return Good(number, f"{_grouped(number[:7], 3)} {number[7:]}")


def _insured(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """The social security number (NIR): thirteen signs and their key. Corsica's letter can only be typed."""
    number = _squeezed(raw)
    if not re.fullmatch(r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", number):
        return Bad("length")
    if check_key(number[:13]) != number[13:]:
        return Bad("key")
    return Good(number, f"{number[0]} {_grouped(number[1:7], 2)} {_grouped(number[7:13], 3)} {number[13:]}")


def _birth(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """Day, month, year: 12031985 on a telephone; 12/03/1985, 12 mars 1985, 1985-03-12 in a text."""
    day = _keyed_date(raw) if way == "keys" else _typed_date(raw)
    if day is None:
        return Bad("date")
    if day > today:
        return Bad("future")
    if today.year - day.year > OLDEST:
        return Bad("date")
    return Good(day.isoformat(), day.isoformat(), "date")


def _any_date(raw: str, way: Way, today: dt.date) -> Good | Bad:
    day = _keyed_date(raw) if way == "keys" else _typed_date(raw)
    return Bad("date") if day is None else Good(day.isoformat(), day.isoformat(), "date")


def _number(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """A whole number, such as how many children."""
    plain = re.sub(r"\s", "", raw)
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        return Bad("length")
    return Good(str(int(plain)), str(int(plain)), "number")


def _keyed_date(raw: str) -> dt.date | None:
    match = re.fullmatch(r"([0-9]{2})([0-9]{2})([0-9]{4})", raw)
    return _date(match[3], match[2], match[1]) if match else None


def _typed_date(raw: str) -> dt.date | None:
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", raw):
        return _date(match[1], match[2], match[3])
    if match := re.fullmatch(r"([0-9]{1,2})[\s./-]+([0-9]{1,2})[\s./-]+([0-9]{4})", raw):
        return _date(match[3], match[2], match[1])
    if match := re.fullmatch(
        r"([0-9]{1,2})(?:er|st|nd|rd|th)?\s+(?:de\s+)?(.{3,20}?)\.?\s+(?:de\s+)?([0-9]{4})",
        raw,
        re.IGNORECASE,
    ):
        month = _months().get(_folded(match[2]))
        return _date(match[3], str(month), match[1]) if month else None
    return _keyed_date(raw)


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _months() -> dict[str, int]:
    return {
        _folded(name): number
        for language in MONTHS_IN
        for number, name in get_month_names("wide", locale=locale_of(language)).items()
    }


MONTHS_IN = ("fr", "en", "ar", "es", "pt")


def _postcode(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """A French postcode: its first two digits are a département's, or 97 and 98 overseas."""
    code = _squeezed(raw)
    if not re.fullmatch(r"[0-9]{5}", code):
        return Bad("length")
    known = 1 <= int(code[:2]) <= 95 or code[:2] in ("97", "98")
    return Good(code, code) if known else Bad("unknown")


def _phone(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """A telephone number that can be called: French, or with its country after + or 00."""
    number = re.sub(r"\A00", "+", re.sub(r"[^0-9+]", "", raw))
    try:
        found = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return Bad("length")
    if not phonenumbers.is_valid_number(found):
        return Bad("unknown" if phonenumbers.is_possible_number(found) else "length")
    style = phonenumbers.PhoneNumberFormat
    home = found.country_code == 33
    shown = phonenumbers.format_number(found, style.NATIONAL if home else style.INTERNATIONAL)
    return Good(phonenumbers.format_number(found, style.E164), shown)


def _digits(raw: str, way: Way, today: dt.date) -> Good | Bad:
    code = _squeezed(raw)
    return Good(code, code) if re.fullmatch(r"[0-9]{1,20}", code) else Bad("length")


def _free(raw: str, way: Way, today: dt.date) -> Good | Bad:
    """Words as they came; signs that steer a terminal are left out."""
    text = "".join(sign for sign in raw if sign in "\n\t" or unicodedata.category(sign)[0] != "C")
    if len(text) > TEXT_MAX:
        return Bad("length")
    return Good(text, text, "text") if text.strip() else Bad("empty")


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "beneficiary": Format(_beneficiary, 9, 9, "1234567 42"),
        "insured": Format(_insured, 15, 15, "2 85 03 75 116 001 22"),
        "birth-date": Format(_birth, 8, 8, "12/03/1985"),
        "date": Format(_any_date, 8, 8, "24/12/2026"),
        "postcode": Format(_postcode, 5, 5, "69001"),
        "phone": Format(_phone, 3, 15, "06 12 34 56 78"),
        "digits": Format(_digits, 1, 20, "123456"),
        "number": Format(_number, 1, 12, "42"),
        "text": Format(_free, 0, 0, "…"),
    }
)
