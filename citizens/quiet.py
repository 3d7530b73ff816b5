"""When nobody is rung or sent a text message: nights, days of rest, holidays where the citizen is. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import phonenumbers
from msgspec import Struct
from phonenumbers import timezone

from citizens.identifier import Identifier

DAY = 1440  # minutes
AHEAD = 40  # days looked at: no country rests longer
_UNKNOWN_ZONE = "Etc/Unknown"


class Quiet(Struct, frozen=True):
    """`start` and `end` in minutes of the local day; the same twice: no night. `days`: 0 is Monday."""

    start: int = 20 * 60
    end: int = 8 * 60
    days: frozenset[int] = frozenset((6,))
    rests: Callable[[dt.date], bool] = lambda day: False  # public holidays


def allowed_from(quiet: Quiet, zone: ZoneInfo, at: int) -> int:
    """The first instant from `at` on that is not quiet there, in microseconds; `at` itself if it is not.

    If no such instant comes within forty days, `at`: a rule that never allows anything rules nothing.
    """
    here = dt.datetime.fromtimestamp(at / 1_000_000, zone).date()
    for ahead in range(AHEAD):
        day = here + dt.timedelta(days=ahead)
        if day.weekday() in quiet.days or quiet.rests(day):
            continue
        for begins, ends in _windows(quiet):
            first, last = _instant(day, begins, zone), _instant(day, ends, zone)
            if first < last and at < last:
                return max(at, first)
    return at


def own(hours: str) -> Quiet:
    """A citizen's own: `21:00-09:30`, every day; empty: none."""
    if not hours:
        return Quiet(0, 0, frozenset())
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    return Quiet(start, end, frozenset())


def allowed_in(quiets: tuple[Quiet, ...], zones: tuple[str, ...], at: int) -> int:
    """The first instant that is quiet by none of these in none of these zones: the citizen is in one."""
    for _ in range(AHEAD):
        later = max(allowed_from(quiet, ZoneInfo(zone), at) for quiet in quiets for zone in zones)
        if later == at:
            break
        at = later
    return at


def zones_of(reach: tuple[Identifier, ...], otherwise: str) -> tuple[str, ...]:
    """Where the citizen may be, by a telephone number of theirs: overseas it is another hour."""
    for each in reach:
        if each.kind == "phone":
            zones = timezone.time_zones_for_number(phonenumbers.parse(each.value))
            if zones and _UNKNOWN_ZONE not in zones:
                return tuple(zones)
    return (otherwise,)


def _windows(quiet: Quiet) -> Iterator[tuple[int, int]]:
    """What is allowed of a day."""
    if quiet.start == quiet.end:
        yield 0, DAY
    elif quiet.start < quiet.end:
        yield 0, quiet.start
        yield quiet.end, DAY
    else:
        yield quiet.end, quiet.start


def _instant(day: dt.date, minute: int, zone: ZoneInfo) -> int:
    """A minute that a change of clocks leaves out is where the clock goes on."""
    local = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(minutes=minute)
    return round(local.timestamp() * 1_000_000)
