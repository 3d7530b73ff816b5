"""The simulator against queueing theory: where a formula is exact, the simulated days must agree with it."""

import pytest
from msgspec.structs import replace

from metrics.formulas.erlang import erlang_c, service_level
from metrics.formulas.line import erlang_a
from metrics.formulas.waiting import in_time
from router.core.policy import ChannelRules, Policy
from router.simulate.compare import Interval, day, interval
from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team

pytestmark = pytest.mark.long

DAYS = 6
RULES = Policy(channels=Policy().channels | {"phone": ChannelRules()})


def centre(agents: int, per_hour: float, handling_s: float, patience: Spread | None = None) -> Scenario:
    calls = Kind(
        "calls", "phone", {"a": 1}, (per_hour,), Spread(handling_s, "exponential"), patience=patience
    )
    return Scenario(
        "M/M/n", 12, (calls,), (Team(agents, {"a": 5}),), Answering(after_s=1e-6), day_factor_cv=0
    )


def simulated(scenario: Scenario, policy: str, figure: str):
    return interval([day(scenario, RULES, policy, number).headline[figure] for number in range(DAYS)])


@pytest.mark.parametrize("policy", ["guichet", "app_queue", "cmu"])
def test_an_m_m_n_centre_waits_as_erlang_c_says(policy):
    """Mean wait = C(n, a) x handling / (n - a), in any order of service: no policy makes a difference."""
    agents, per_hour, handling_s = 5, 95, 150
    load = per_hour * handling_s / 3600
    expected = erlang_c(agents, load) * handling_s / (agents - load)
    waits = simulated(centre(agents, per_hour, handling_s), policy, "phone_mean_wait_s")
    # a day starts empty and six days are few: twice the interval
    assert abs(waits.mean - expected) <= 2 * waits.half, (waits, expected)


@pytest.mark.parametrize("policy", ["guichet", "priority"])
def test_an_m_m_n_m_centre_loses_as_erlang_a_says(policy):
    agents, per_hour, handling_s, patience_s = 6, 160, 150, 120
    expected = erlang_a(agents, per_hour * handling_s / 3600, handling_s, patience_s).abandons
    scenario = centre(agents, per_hour, handling_s, Spread(patience_s, "exponential"))
    lost = simulated(scenario, policy, "abandoned")
    assert abs(lost.mean - expected) <= 2 * lost.half, (lost, expected)


@pytest.mark.parametrize(("patience_s", "within_s"), [(None, 20), (120, 20), (120, 60)])
def test_as_many_are_answered_in_time_as_the_formulas_say(patience_s: float | None, within_s: float):
    """Erlang C's service level, and with patience Erlang A's."""
    agents, per_hour, handling_s = 6, 130, 150
    load = per_hour * handling_s / 3600
    expected = (
        service_level(agents, load, handling_s, within_s)
        if patience_s is None
        else in_time(agents, load, handling_s, patience_s, within_s)
    )
    spread = None if patience_s is None else Spread(patience_s, "exponential")
    scenario = centre(agents, per_hour, handling_s, spread)
    kinds = (replace(scenario.kinds[0], target_s=within_s),)
    level = simulated(replace(scenario, kinds=kinds), "guichet", "phone_service_level")
    assert abs(level.mean - expected) <= 2 * level.half, (level, expected)


def test_intervals_are_student_s():
    assert interval([3.0]) == Interval(3.0, 0.0)
    three = interval([1.0, 2.0, 3.0])
    assert (three.mean, three.half) == (2.0, pytest.approx(4.303 / 3**0.5))
