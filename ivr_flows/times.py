"""Values of time, for reading and for hearing: a duration, a wait between two ends, a day, a moment. Pure.

What is heard is cut into pieces that can be recorded once: "12 minutes", "8 heures", "30".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from babel.dates import format_date
from babel.units import format_unit

from ivr_flows.idioms import Idioms, idioms_of
from ivr_flows.locales import locale_of
from ivr_flows.numbers import Said, Value, number_of

MINUTE = 60


def duration(value: Value, language: str, words: Idioms) -> Said:
    """Such as 12 minutes; 1 hour and more in hours and minutes."""
    pieces = _duration(number_of(value), language)
    return (" ".join(pieces), pieces)


def _duration(seconds: float, language: str) -> tuple[str, ...]:
    locale = locale_of(language)

    def unit(count: int, name: str) -> str:
        return " ".join(format_unit(count, f"duration-{name}", locale=locale).split())

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


def interval(value: Value, language: str, words: Idioms) -> Said:
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


def date(value: Value, language: str, words: Idioms) -> Said:
    day, locale = dt.date.fromisoformat(str(value)[:10]), locale_of(language)
    weekday = format_date(day, "EEEE", locale=locale)
    month = words.first_of_month(day, format_date(day, words.day_month, locale=locale))
    year = str(day.year)
    return (f"{weekday} {month} {year}", (weekday, month, year))


def time_of_day(value: Value, language: str, words: Idioms) -> Said:
    """Of the day, such as 08:30, or of a moment in ISO 8601."""
    text = str(value)
    clock = dt.time.fromisoformat(text[11:16] if len(text) > 10 else text)
    return words.clock(clock.hour, clock.minute)


def moment(value: Value, language: str, words: Idioms) -> Said:
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
