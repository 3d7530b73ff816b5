"""The simulator against queueing theory: where a formula is exact, the simulated days must agree with it."""

import pytest

from metrics.formulas.erlang import erlang_c
from metrics.formulas.line import erlang_a
from router.core.policy import ChannelRules, Policy
from router.simulate.compare import day, interval
from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team

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


def test_intervals_are_student_s():
    assert interval([3.0]) == (3.0, 0.0)
    mean, half = interval([1.0, 2.0, 3.0])
    assert (mean, half) == (2.0, pytest.approx(4.303 / 3**0.5))
