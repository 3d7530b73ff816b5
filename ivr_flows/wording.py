"""Sentences with their values in, for reading and for hearing, in any language that CLDR knows. Pure.

Numbers, plural forms, durations, dates and lists follow CLDR (babel), so Arabic has its six forms and no flow
spells them out. What is heard is cut into pieces that can be recorded once: "12 minutes", "8 heures", "30".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

from ivr_flows.idioms import Idioms, idioms_of
from ivr_flows.message import Choice, Count, Gap, Message, Words

MINUTE, HOUR, DAY = 60, 3600, 86400

Value = None | bool | int | float | str | Mapping[str, Any]
Values = Mapping[str, Any]


def locale_of(language: str) -> Locale:
    """CLDR's locale of a tag such as fr, fr-plain or ar; English for what CLDR does not know."""
    return _locale(language.partition("-")[0])


@cache
def _locale(code: str) -> Locale:
    try:
        return Locale(code)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def plural_form(language: str, number: float) -> str:
    """CLDR's form of this number: one, two, few, many, other, zero."""
    return str(locale_of(language).plural_form(number))


def plural_forms(language: str) -> tuple[str, ...]:
    """The forms a whole sentence must have for this language."""
    return (*sorted(locale_of(language).plural_form.tags), "other")


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


Said = str | tuple[str, tuple[str, ...]]  # plain text, or a value: as written, and in pieces


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
        number = _number(value)
        exact = arms.get(f"={number:g}")
        return exact if exact is not None else arms.get(plural_form(language, number), arms["other"])
    return arms.get(str(value), arms["other"])


def _number(value: Value) -> float:
    try:
        return 0.0 if isinstance(value, Mapping) else float(value or 0)
    except ValueError:
        return 0.0


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


# ---- the kinds of value


def _as_text(value: Value, language: str, words: Idioms) -> Said:
    if isinstance(value, bool):
        return _as_text(words.yes if value else words.no, language, words)
    if isinstance(value, int | float):
        return _as_number(value, language, words)
    return (str(value), (str(value),))


def _as_number(value: Value, language: str, words: Idioms) -> Said:
    number, locale = _number(value), locale_of(language)
    plain = format_decimal(number, locale=locale, group_separator=False)  # a voice would halve 1 234
    return (format_decimal(number, locale=locale), (plain,))


def _as_digits(value: Value, language: str, words: Idioms) -> Said:
    """One digit after the other, in the groups that a blank makes: 06 12 34 56 78."""
    text = str(value)
    return (text, tuple(sign for sign in text if not sign.isspace()))


def duration_text(seconds: float, language: str) -> str:
    """Such as 12 minutes; 1 hour and more in hours and minutes."""
    return " ".join(_duration(seconds, language))


def _duration(seconds: float, language: str) -> tuple[str, ...]:
    locale = locale_of(language)

    def unit(count: int, name: str) -> str:
        return _tidy(format_unit(count, f"duration-{name}", locale=locale))

    whole = max(0, round(float(seconds)))
    if whole < MINUTE:
        return (unit(whole, "second"),)
    minutes = round(whole / MINUTE)
    if minutes < 60:
        return (unit(minutes, "minute"),)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return (unit(round(hours / 24), "day"),)
    joined = (idioms_of(language).hours_and,) if idioms_of(language).hours_and else ()
    return (unit(hours, "hour"), *joined, unit(rest, "minute")) if rest else (unit(hours, "hour"),)


def _as_duration(value: Value, language: str, words: Idioms) -> Said:
    pieces = _duration(_number(value), language)
    return (" ".join(pieces), pieces)


def _as_interval(value: Value, language: str, words: Idioms) -> Said:
    """A wait in seconds, `LOW/HIGH` or a map of both, rounded outwards to whole minutes."""
    ends = (value["low"], value["high"]) if isinstance(value, Mapping) else str(value).split("/")
    low, high = (float(end) for end in ends)
    first, last = int(low // MINUTE), max(1, -int(-high // MINUTE))
    most = _duration(last * MINUTE, language)
    if first < 1 or first >= last:
        pieces: tuple[str, ...] = (words.at_most, *most)
    elif last < 60:  # "5 to 8 minutes": the unit once
        pieces = (words.between, str(first), words.and_, *most)
    else:
        pieces = (words.between, *_duration(first * MINUTE, language), words.and_, *most)
    kept = tuple(piece for piece in pieces if piece)
    return (" ".join(kept), kept)


def _as_date(value: Value, language: str, words: Idioms) -> Said:
    day, locale = dt.date.fromisoformat(str(value)[:10]), locale_of(language)
    weekday = format_date(day, "EEEE", locale=locale)
    month = words.first_of_month(day, format_date(day, words.day_month, locale=locale))
    year = str(day.year)
    return (f"{weekday} {month} {year}", (weekday, month, year))


def _as_time(value: Value, language: str, words: Idioms) -> Said:
    """Of the day, such as 08:30, or of a moment in ISO 8601."""
    text = str(value)
    clock = dt.time.fromisoformat(text[11:16] if len(text) > 10 else text)
    return words.clock(clock.hour, clock.minute)


def _as_moment(value: Value, language: str, words: Idioms) -> Said:
    """A day near or far and its time, such as an opening: `AT/NOW`, both as local time in ISO 8601."""
    at, now = (dt.datetime.fromisoformat(end) for end in str(value).split("/"))
    ahead, locale = (at.date() - now.date()).days, locale_of(language)
    time, time_pieces = words.clock(at.hour, at.minute)
    weekday = format_date(at.date(), "EEEE", locale=locale)
    if ahead == 0:
        day: tuple[str, ...] = (words.today,)
    elif ahead == 1:
        day = (words.tomorrow,)
    elif ahead < 7:
        day = (words.on + weekday,)
    else:
        month = words.first_of_month(at.date(), format_date(at.date(), words.day_month, locale=locale))
        day = (words.on_date + weekday, month)
    return (
        f"{' '.join(day)} {words.at}{time}",
        (*day, *((words.at.strip(),) if words.at else ()), *time_pieces),
    )


def _as_money(value: Value, language: str, words: Idioms) -> Said:
    """Euros from cents: 31245 is 312,45 €."""
    cents, locale = round(_number(value)), locale_of(language)
    euros, rest = divmod(abs(cents), 100)
    text = format_currency(cents / 100, "EUR", locale=locale)
    pieces = (words.euros(euros, plural_form(language, euros)),)
    return (text, (*pieces, *((str(rest),) if rest else ())))


def _as_list(value: Value, language: str, words: Idioms) -> Said:
    """The lines of a text."""
    text = format_list(str(value).splitlines(), locale=locale_of(language))
    return (text, (text,))


_KINDS = {
    "text": _as_text,
    "number": _as_number,
    "digits": _as_digits,
    "duration": _as_duration,
    "interval": _as_interval,
    "date": _as_date,
    "time": _as_time,
    "moment": _as_moment,
    "money": _as_money,
    "list": _as_list,
}
