"""Deadlines in working days: the close of the n-th day on which somebody is there. Pure.

The day on which a letter comes does not count. Without opening hours every day is a working day.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.hours import closing, next_opening

if TYPE_CHECKING:
    from config.hours import Hours

DAY = 86_400_000_000  # microseconds


def working_deadline(hours: Hours | None, at: int, days: int) -> int:
    """Microseconds since 1970."""
    if hours is None:
        return at + days * DAY
    after = at
    for _ in range(days):
        opening = next_opening(hours, _next_day(hours, after))
        if opening is None:  # it never opens again: no deadline can be kept
            return at + days * DAY
        after = _micros(opening)
    return _close_of_day(hours, after)


def _next_day(hours: Hours, at: int) -> int:
    local = dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo(hours.time_zone))
    return _micros(dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), tzinfo=local.tzinfo))


def _close_of_day(hours: Hours, opening: int) -> int:
    """Behind its pauses."""
    end = closing(hours, opening)
    while end is not None:
        again = next_opening(hours, _micros(end) + 1)
        if again is None or again.date() != end.date():
            return _micros(end)
        end = closing(hours, _micros(again))
    return opening


def _micros(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
