"""What an `hours` node hears, and the next opening as it is told."""

from __future__ import annotations

from config.hours import Hours, Week
from ivr_flows.hours import opening
from ivr_flows.prompts import written
from tests.unit.config.test_hours import at

HOURS = Hours(
    time_zone="Europe/Paris",
    weekly=Week(monday=("08:30-12:00", "13:30-17:00"), tuesday=("08:30-12:00",)),
    holidays="75",
)
OPENS = {"fr": "Nous ouvrons {opens, moment}.", "en": "We open {opens, moment}."}


def told(when: int, language: str) -> str:
    return written(OPENS, language, opening(HOURS, when).values)


def test_open_tells_until_when():
    now = opening(HOURS, at(2026, 11, 30, 9))
    assert (now.port, now.values["closes"], now.values["reason"]) == ("open", "2026-11-30T12:00", "open")


def test_closed_tells_when_it_opens_in_words():
    assert told(at(2026, 11, 30, 12, 30), "fr") == "Nous ouvrons aujourd'hui à 13 heures 30."
    assert told(at(2026, 11, 30, 22), "fr") == "Nous ouvrons demain à 8 heures 30."
    assert told(at(2026, 12, 1, 22), "en") == "We open on Monday at 8:30 am."
    # 5 and 6 April 2026: Easter; the Tuesday after is eight days from the Monday before
    assert told(at(2026, 3, 31, 13), "fr") == "Nous ouvrons le mardi 7 avril à 8 heures 30."
    assert opening(HOURS, at(2026, 4, 6, 10)).values["reason"] == "holiday"


def test_the_switch_closes_whatever_the_hours_say():
    assert opening(HOURS, at(2026, 11, 30, 9), emergency=True).port == "emergency"
    assert opening(None, 0, emergency=True).port == "emergency"


def test_never_open_promises_nothing():
    never = opening(Hours(time_zone="Europe/Paris", weekly=Week()), at(2026, 11, 30, 9))
    assert (never.port, never.values["opens"]) == ("closed", "")


def test_no_hours_are_always_open():
    assert opening(None, 0).port == "open"
