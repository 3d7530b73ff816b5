"""The citizens of a day: the same for every policy, and as many and as long as the scenario says."""

import pytest
from msgspec.structs import replace

from router.core.policy import SECOND
from router.simulate.draw import HOUR, draw
from router.simulate.scenario import Kind, Peak, Scenario, Spread, Team

CALLS = Kind(
    "calls", "phone", {"a": 1}, (600.0, 0.0, 1200.0), Spread(300), patience=Spread(60), vulnerable=0.25
)
MAIL = Kind("mail", "email", {"a": 1}, (100.0,), Spread(400, "exponential"), due_s=3600)
DAY = Scenario("a day", 3, (CALLS, MAIL), (Team(1, {"a": 5}),), day_factor_cv=0)


def test_the_same_seed_draws_the_same_people():
    assert draw(DAY, 3) == draw(DAY, 3)
    assert draw(DAY, 3) != draw(DAY, 4)


def test_one_kind_does_not_change_the_luck_of_another():
    longer = replace(DAY, kinds=(replace(CALLS, handling=Spread(900), patience=None), MAIL))
    of = lambda scenario: [each for each in draw(scenario, 0) if each.kind.channel == "email"]  # noqa: E731
    assert of(longer) == of(DAY)


def test_a_longer_conversation_changes_nothing_else_of_who_comes():
    longer = draw(replace(DAY, kinds=(replace(CALLS, handling=Spread(600)),)), 0)
    usual = draw(replace(DAY, kinds=(CALLS,)), 0)
    assert [each.arrives for each in longer] == [each.arrives for each in usual]
    assert [each.patience for each in longer] == [each.patience for each in usual]
    assert all(
        2 * before.handling == pytest.approx(after.handling, abs=2)
        for before, after in zip(usual, longer, strict=True)
    )


def test_hours_rates_and_means_are_those_of_the_scenario():
    people = [each for number in range(20) for each in draw(replace(DAY, kinds=(CALLS,)), number)]
    by_hour = [sum(each.arrives // HOUR == hour for each in people) / 20 for hour in range(3)]
    assert by_hour == [pytest.approx(600, rel=0.03), 0, pytest.approx(1200, rel=0.03)]
    assert sum(each.handling for each in people) / len(people) / SECOND == pytest.approx(300, rel=0.03)
    assert sum(each.vulnerable for each in people) / len(people) == pytest.approx(0.25, abs=0.02)


def test_a_peak_brings_more_of_its_kinds_and_leaves_the_others_who_they_are():
    rush = replace(
        DAY, kinds=(replace(CALLS, per_hour=(1200.0,)), MAIL), peaks=(Peak(0.5, 1, 3, ("calls",)),)
    )
    usual, peak = draw(replace(rush, peaks=()), 0), draw(rush, 0)
    known = {each.name: each for each in peak}
    assert all(known.pop(each.name) == each for each in usual)
    assert {each.kind.name for each in known.values()} == {"calls"}
    assert all(0.5 <= each.arrives / HOUR <= 1.5 for each in known.values())
    assert len(known) == pytest.approx(2400, rel=0.08)  # twice the usual again, for an hour


def test_the_day_factor_moves_whole_days():
    counts = [len(draw(replace(DAY, day_factor_cv=0.2), number)) for number in range(60)]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    assert variance > 5 * mean  # Poisson alone would have a ratio of 1
