"""How long an answer may take, in words: an interval's upper end, or that it is not known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import format_date

from config.hours import is_open, next_opening

if TYPE_CHECKING:
    from config.hours import Hours

DAY = 86_400_000_000  # microseconds
FAR = 90 * DAY


def by_when(hours: Hours | None, now: int, wait: int) -> dt.date | None:
    """The day by which it is answered, if this is how long it takes: a day on which somebody is there."""
    if not 0 <= wait <= FAR:
        return None
    at = now + wait
    if hours is not None:
        if is_open(hours, at):
            return dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo(hours.time_zone)).date()
        opening = next_opening(hours, at)
        return opening.date() if opening is not None else None
    return dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo("UTC")).date()


def said(day: dt.date, language: str) -> str:
    """As people write it there."""
    try:
        return format_date(day, "full", locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
