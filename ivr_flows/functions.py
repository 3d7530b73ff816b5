"""The functions of expressions: few, total, bounded. A value that makes no sense gives nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from ivr_flows.kinds import Value

MOST = 10**15  # beyond it a number is nothing
MOST_LENGTH = 1_000  # of a text that is put together


class Function(Struct, frozen=True):
    """What it takes and gives: kinds of value, `any` for each of them."""

    takes: tuple[str, ...]
    gives: str
    does: Callable[..., Value]
    about: str


def within(number: float) -> Value:
    """The number, or nothing where it is none that can be trusted."""
    return number if -MOST <= number <= MOST else None


def _length(text: object) -> Value:
    return len(text) if isinstance(text, str) else None


def _begins(text: object, start: object) -> Value:
    return text.startswith(start) if isinstance(text, str) and isinstance(start, str) else None


def _contains(text: object, part: object) -> Value:
    return part.casefold() in text.casefold() if isinstance(text, str) and isinstance(part, str) else None


def _lower(text: object) -> Value:
    return text.casefold()[:MOST_LENGTH] if isinstance(text, str) else None


def _number(value: object) -> Value:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return within(value)
    try:
        text = value.strip() if isinstance(value, str) else ""
        return within(int(text)) if text.lstrip("-").isdecimal() else within(float(text))
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> Value:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)[:MOST_LENGTH]


def _known(value: object) -> Value:
    return value is not None and value != ""


def _years(start: object, end: object) -> Value:
    try:
        first, last = dt.date.fromisoformat(str(start)), dt.date.fromisoformat(str(end))
    except ValueError:
        return None
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _days(start: object, end: object) -> Value:
    try:
        return (dt.date.fromisoformat(str(end)) - dt.date.fromisoformat(str(start))).days
    except ValueError:
        return None


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "known": Function(("any",), "bool", _known, "whether it is set and not empty"),
        "length": Function(("text",), "number", _length, "how many characters"),
        "begins": Function(("text", "text"), "bool", _begins, "whether the first begins with the second"),
        "contains": Function(("text", "text"), "bool", _contains, "whether the second is in the first"),
        "lower": Function(("text",), "text", _lower, "in small letters"),
        "number": Function(("any",), "number", _number, "a text of digits as a number"),
        "text": Function(("any",), "text", _text, "as text"),
        "years": Function(("date", "date"), "number", _years, "whole years from the first to the second"),
        "days": Function(("date", "date"), "number", _days, "days from the first to the second"),
    }
)
