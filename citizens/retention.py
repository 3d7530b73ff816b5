"""How long each kind of thing is kept, and what is over now. Pure: `now` and the time zone are arguments.

A day is a day of the calendar where the agency is: what was kept on the 1st for 30 days goes when the 31st
has passed there, also where the clock was moved in between and a day had 23 or 25 hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

if TYPE_CHECKING:
    from citizens.journey import Happened
    from citizens.record import Record

SECOND = 1_000_000  # microseconds


class Rules(Struct, frozen=True):
    """Days, counted from the last sign of life or from the happening itself."""

    guest_days: int = 30  # whoever never proved who they are
    citizen_days: int = 1095
    journey_days: int = 365
    words_days: int = 180  # texts of the journey; what happened stays
    access_days: int = 365
    zone: str = "UTC"


class Left(Struct, frozen=True):
    """What stays. `next_at`: when to look again, microseconds."""

    erase: bool
    entries: tuple[Happened, ...]
    next_at: int


def ends(at: int, days: int, zone: str) -> int:
    """The first instant at which something of `at` is no longer kept: a midnight."""
    where = ZoneInfo(zone)
    day = dt.datetime.fromtimestamp(at / SECOND, where).date() + dt.timedelta(days=days + 1)
    return round(dt.datetime(day.year, day.month, day.day, tzinfo=where).timestamp()) * SECOND


def left(records: Sequence[Record], entries: Sequence[Happened], now: int, rules: Rules) -> Left:
    """Of one person: all their records, and the journey of the citizen looked at."""
    known = any(record.known for record in records)
    days = rules.citizen_days if known else rules.guest_days
    gone_at = ends(max(record.seen_at for record in records), days, rules.zone)
    if gone_at <= now:
        return Left(True, (), now)
    kept, times = [], [gone_at]
    for entry in entries:
        over, silent = (ends(entry.at, each, rules.zone) for each in (rules.journey_days, rules.words_days))
        if over <= now:
            continue
        if entry.text and silent <= now:
            entry = structs.replace(entry, text="")
        kept.append(entry)
        times.append(silent if entry.text else over)
    return Left(False, tuple(kept), min(times))
