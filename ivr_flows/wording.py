"""Sentences with their values in, for reading and for hearing, in any language that CLDR knows. Pure.

Numbers, plural forms, durations, dates and lists follow CLDR (babel), so Arabic has its six forms and no flow
spells them out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel.lists import format_list

from ivr_flows import numbers, times
from ivr_flows.idioms import Idioms, idioms_of
from ivr_flows.locales import locale_of, plural_form
from ivr_flows.message import Choice, Count, Gap, Message, Words
from ivr_flows.numbers import Said, Value, number_of

Values = Mapping[str, Any]


def written(message: Message, language: str, values: Values) -> str:
    """The sentence as one reads it in a chat."""
    return "".join(_text(piece) for piece in _flat(message, language, values))


def spoken(message: Message, language: str, values: Values) -> tuple[str, ...]:
    """The same as pieces to be said one after the other: what is fixed, then each value's own."""
    pieces: list[str] = []
    plain: list[str] = []

    def flush() -> None:
        said = _tidy("".join(plain))
        if re.search(r"\w", said):  # a full stop alone is not heard
            pieces.append(said)
        plain.clear()

    for part in _flat(message, language, values):
        if isinstance(part, str):
            plain.append(part)
        else:
            flush()
            pieces += part[1]
    flush()
    return tuple(pieces)


def _text(part: Said) -> str:
    return part if isinstance(part, str) else part[0]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lstrip(",.;:!?،؛ ").strip()


def _flat(message: Message, language: str, values: Values) -> list[Said]:
    flat: list[Said] = []
    for part in message:
        match part:
            case Words():
                flat.append(part.text)
            case Count():
                flat.append(_value(values.get(part.name), "number", language))
            case Gap():
                flat.append(_value(values.get(part.name), part.kind, language))
            case Choice():
                flat += _flat(_arm(part, language, values), language, values)
    return flat


def _arm(choice: Choice, language: str, values: Values) -> Message:
    value = values.get(choice.name)
    arms = dict(choice.arms)
    if choice.plural:
        number = number_of(value)
        exact = arms.get(f"={number:g}")
        return exact if exact is not None else arms.get(plural_form(language, number), arms["other"])
    return arms.get(str(value), arms["other"])


def _value(value: Value, kind: str, language: str) -> Said:
    words = idioms_of(language)
    if value is None or value == "":
        return ("", ())
    try:
        return _KINDS[kind](value, language, words)
    except (
        ValueError,
        TypeError,
        KeyError,
        OverflowError,
    ):  # a value that is not of its kind is said as it is
        return (str(value), (str(value),))


def _as_text(value: Value, language: str, words: Idioms) -> Said:
    if isinstance(value, bool):
        return _as_text(words.yes if value else words.no, language, words)
    if isinstance(value, int | float):
        return numbers.number(value, language, words)
    return (str(value), (str(value),))


def _as_list(value: Value, language: str, words: Idioms) -> Said:
    """The lines of a text."""
    text = format_list(str(value).splitlines(), locale=locale_of(language))
    return (text, (text,))


_KINDS = {
    "text": _as_text,
    "list": _as_list,
    "number": numbers.number,
    "digits": numbers.digits,
    "money": numbers.money,
    "duration": times.duration,
    "interval": times.interval,
    "date": times.date,
    "time": times.time_of_day,
    "moment": times.moment,
}
