"""Public holidays by département: mapped by hand, because the library takes a wrong name without a word."""

from __future__ import annotations

from datetime import date

import pytest
from holidays.countries.france import France
from msgspec import ValidationError, convert

from config.calendar import DEPARTEMENTS, is_holiday
from config.hours import Hours, Week, is_open, next_opening, why
from config.types import Departement
from tests.unit.config.test_hours import at

GOOD_FRIDAY, SAINT_STEPHEN = date(2026, 4, 3), date(2026, 12, 26)


@pytest.mark.parametrize("departement", ["57", "67", "68"])
def test_alsace_and_moselle_have_two_days_more(departement: str):
    assert is_holiday(departement, GOOD_FRIDAY)
    assert is_holiday(departement, SAINT_STEPHEN)


@pytest.mark.parametrize("departement", ["75", "54", "88", "2A", "69"])
def test_others_have_not(departement: str):
    assert not is_holiday(departement, GOOD_FRIDAY)
    assert not is_holiday(departement, SAINT_STEPHEN)
    assert is_holiday(departement, date(2026, 7, 14))


@pytest.mark.parametrize(
    ("departement", "day"),
    [
        ("971", date(2026, 5, 27)),
        ("972", date(2026, 5, 22)),
        ("973", date(2026, 6, 10)),
        ("974", date(2026, 12, 20)),
        ("976", date(2026, 4, 27)),
    ],
)
def test_each_overseas_departement_keeps_the_day_slavery_ended_there(departement: str, day: date):
    assert is_holiday(departement, day)
    assert [other for other in DEPARTEMENTS if is_holiday(other, day) and other != departement] == []


def test_the_trap_this_map_is_there_for():
    """`GES` (Grand Est) is taken and adds nothing: a site in Strasbourg would open on Good Friday."""
    with pytest.warns(DeprecationWarning, match="subdivision"):
        assert GOOD_FRIDAY not in France(subdiv="GES", years=2026)
    assert GOOD_FRIDAY in France(subdiv="6AE", years=2026)


def test_every_departement_that_can_be_written_is_mapped_and_no_other():
    assert len(DEPARTEMENTS) == 96 + 5 + 7
    for number in [*(f"{n:02}" for n in range(100)), "2A", "2B", "2C", *map(str, range(960, 1000)), "GES"]:
        try:
            convert(number, Departement)
        except ValidationError:
            assert number not in DEPARTEMENTS
        else:
            assert number in DEPARTEMENTS
            is_holiday(number, GOOD_FRIDAY)


WEEK = Week(friday=("09:00-12:00",), saturday=("09:00-12:00",), thursday=("09:00-12:00",))
STRASBOURG = Hours(
    time_zone="Europe/Paris",
    weekly=WEEK,
    holidays="67",
    special={date(2026, 12, 24): ("09:00-10:00",), SAINT_STEPHEN: ("10:00-11:00",)},
)


def test_a_holiday_closes_and_a_day_of_its_own_comes_before_all():
    assert why(STRASBOURG, at(2026, 4, 3, 10)) == "holiday"
    assert why(STRASBOURG, at(2026, 4, 10, 10)) == "open"
    assert why(STRASBOURG, at(2026, 4, 10, 13)) == "hours"
    assert not is_open(STRASBOURG, at(2026, 12, 24, 11))
    assert is_open(STRASBOURG, at(2026, 12, 26, 10, 30))


def test_the_next_opening_passes_over_holidays():
    opening = next_opening(STRASBOURG, at(2026, 12, 24, 11))
    assert opening is not None
    assert opening.strftime("%d %H:%M") == "26 10:00"
