"""When a service is open: weekly hours, public holidays, closures and days of their own, one time zone. Pure:
`at` is an argument. The agency's hours and every calendar of a flow are this one type."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from config.calendar import is_holiday
from config.types import Departement, Span, Text, about

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
    holidays: Annotated[
        Departement | None,
        about("Closed on the public holidays of this French département: 75, 57 (Moselle), 974; none: open."),
    ] = None
    special: Annotated[
        dict[dt.date, Spans],
        about('Days with hours of their own, before all else: 2026-12-24: ["08:30-12:00"].'),
    ] = field(default_factory=dict)


Why = Literal["open", "hours", "holiday", "closure"]  # `hours`: not at this time of the week


def is_open(hours: Hours | None, at: int) -> bool:
    """Whether it is open at this instant (microseconds since 1970)."""
    return hours is None or why(hours, at) == "open"


def why(hours: Hours, at: int) -> Why:
    """Open, or what closes it at this instant."""
    local = dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo(hours.time_zone))
    minute = local.hour * 60 + local.minute
    if any(start <= minute < end for start, end in _spans_on(hours, local.date())):
        return "open"
    return _closed_by(hours, local.date()) or "hours"


def closing(hours: Hours, at: int) -> dt.datetime | None:
    """The end of the present opening, in local time; None when closed."""
    zone = ZoneInfo(hours.time_zone)
    local = dt.datetime.fromtimestamp(at / 1_000_000, zone)
    minute, day = local.hour * 60 + local.minute, local.date()
    for start, end in _spans_on(hours, day):
        if start <= minute < end:
            return dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(minutes=end)
    return None


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


def _closed_by(hours: Hours, day: dt.date) -> Literal["holiday", "closure"] | None:
    if day in hours.special:
        return None
    if any(closure.date <= day <= (closure.until or closure.date) for closure in hours.closures):
        return "closure"
    return "holiday" if hours.holidays is not None and is_holiday(hours.holidays, day) else None


def _spans_on(hours: Hours, day: dt.date) -> list[tuple[int, int]]:
    if _closed_by(hours, day) is not None:
        return []
    week = hours.weekly
    days = (week.monday, week.tuesday, week.wednesday, week.thursday, week.friday, week.saturday, week.sunday)
    return sorted(minutes(span) for span in hours.special.get(day, days[day.weekday()]))
