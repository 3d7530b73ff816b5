"""When the agency is open: weekly hours, closures by date, one time zone. Pure: `at` is an argument."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from config.types import Span, Text, about

Spans = tuple[Span, ...]


class Week(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of each day of the week. A day left out is closed."""

    monday: Annotated[Spans, about("Hours on Mondays.")] = ()
    tuesday: Annotated[Spans, about("Hours on Tuesdays.")] = ()
    wednesday: Annotated[Spans, about("Hours on Wednesdays.")] = ()
    thursday: Annotated[Spans, about("Hours on Thursdays.")] = ()
    friday: Annotated[Spans, about("Hours on Fridays.")] = ()
    saturday: Annotated[Spans, about("Hours on Saturdays.")] = ()
    sunday: Annotated[Spans, about("Hours on Sundays.")] = ()


class Closure(Struct, frozen=True, forbid_unknown_fields=True):
    """Whole days on which the weekly hours do not hold."""

    date: Annotated[dt.date, about("First day closed, as 2026-12-25.")]
    until: Annotated[dt.date | None, about("Last day closed; none: one day only.")] = None
    reason: Annotated[Text | None, about("Why, for those who read the file.")] = None


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours. Without this key the agency is always open."""

    time_zone: Annotated[str, about("IANA name, such as Europe/Paris.")]
    weekly: Annotated[Week, about("Hours of each day of the week.")]
    closures: Annotated[tuple[Closure, ...], about("Days closed.")] = field(default=())


def is_open(hours: Hours | None, at: int) -> bool:
    """Whether the agency is open at this instant (microseconds since 1970)."""
    if hours is None:
        return True
    local = dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo(hours.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in _spans_on(hours, local.date()))


def next_opening(hours: Hours, at: int) -> dt.datetime | None:
    """The first instant from here on at which it opens, in local time; none within 400 days: None.

    A moment that a change of clocks leaves out is where the clock goes on.
    """
    zone = ZoneInfo(hours.time_zone)
    now = dt.datetime.fromtimestamp(at / 1_000_000, zone)
    for ahead in range(400):
        day = now.date() + dt.timedelta(days=ahead)
        for start, _ in _spans_on(hours, day):
            opening = dt.datetime(day.year, day.month, day.day, start // 60, start % 60, tzinfo=zone)
            if opening.timestamp() >= now.timestamp():
                return opening
    return None


def minutes(span: str) -> tuple[int, int]:
    """Start and end of `08:30-12:00` in minutes of the day."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return start, end


def _spans_on(hours: Hours, day: dt.date) -> list[tuple[int, int]]:
    if any(closure.date <= day <= (closure.until or closure.date) for closure in hours.closures):
        return []
    week = hours.weekly
    days = (week.monday, week.tuesday, week.wednesday, week.thursday, week.friday, week.saturday, week.sunday)
    return sorted(minutes(span) for span in days[day.weekday()])
