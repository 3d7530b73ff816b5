"""Opening hours: days, closures, changes of clocks."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from config.hours import Closure, Hours, Week, is_open, next_opening

PARIS = ZoneInfo("Europe/Paris")
HOURS = Hours(
    time_zone="Europe/Paris",
    weekly=Week(monday=("08:30-12:00", "13:00-17:00"), sunday=("02:30-03:30",), saturday=("00:00-24:00",)),
    closures=(Closure(date(2026, 12, 21), date(2026, 12, 28)),),
)


def at(*when: int, fold: int = 0) -> int:
    return int(datetime(*when, tzinfo=PARIS, fold=fold).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ((2026, 11, 23, 8, 29), False),
        ((2026, 11, 23, 8, 30), True),
        ((2026, 11, 23, 11, 59, 59), True),
        ((2026, 11, 23, 12, 0), False),
        ((2026, 11, 24, 10, 0), False),  # a Tuesday
        ((2026, 11, 28, 23, 59), True),  # a Saturday, open all day
        ((2026, 12, 21, 10, 0), False),  # first day of the closure
        ((2026, 12, 28, 10, 0), False),  # last day
        ((2027, 1, 4, 10, 0), True),
    ],
)
def test_it_is_open_when_the_week_says_so_and_no_closure_forbids(when, expected: bool):
    assert is_open(HOURS, at(*when)) is expected


def test_without_hours_it_is_always_open():
    assert is_open(None, 0)


def test_both_of_two_hours_are_open_when_clocks_go_back():
    assert is_open(HOURS, at(2026, 10, 25, 2, 45))
    assert is_open(HOURS, at(2026, 10, 25, 2, 45, fold=1))


def test_an_hour_that_clocks_leave_out_is_not_waited_for():
    opening = next_opening(HOURS, at(2026, 3, 29, 1, 0))
    assert opening is not None
    assert opening.timestamp() == datetime(2026, 3, 29, 3, 30, tzinfo=PARIS).timestamp()


def test_an_opening_before_clocks_went_back_is_over():
    second = at(2026, 10, 25, 2, 10, fold=1)
    opening = next_opening(HOURS, second)
    assert opening is not None
    assert opening.timestamp() * 1_000_000 > second


def test_the_next_opening_passes_over_closures():
    assert next_opening(HOURS, at(2026, 12, 20, 12, 0)) == datetime(2027, 1, 2, 0, 0, tzinfo=PARIS)
    assert next_opening(Hours(time_zone="UTC", weekly=Week()), 0) is None
