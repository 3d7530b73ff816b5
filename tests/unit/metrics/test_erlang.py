"""Erlang B and C against published figures and against each other, over everything they may be given."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.formulas.erlang import agents_for, erlang_b, erlang_c, mean_wait, service_level

SERVERS = st.integers(1, 400)
LOADS = st.floats(0.01, 500)


@pytest.mark.parametrize(
    ("agents", "waits", "level"), [(14, 0.174, 0.888), (15, 0.102, 0.941)], ids=["14 agents", "15 agents"]
)
def test_a_hundred_calls_of_three_minutes_in_half_an_hour(agents: int, waits: float, level: float) -> None:
    load = 100 / 1800 * 180
    assert erlang_c(agents, load) == pytest.approx(waits, abs=0.0005)
    assert service_level(agents, load, handling=180, within=20) == pytest.approx(level, abs=0.0005)


def test_published_probabilities() -> None:
    assert erlang_c(25, 20) == pytest.approx(0.2091, abs=0.00005)
    assert erlang_b(10, 5) == pytest.approx(0.018385, abs=0.0000005)  # the tables of telephone traffic
    assert erlang_b(1, 1) == 0.5
    assert erlang_c(1, 0.8) == pytest.approx(0.8)  # M/M/1: the share of time its one agent is busy


def test_the_mean_wait_of_one_agent_is_that_of_m_m_1() -> None:
    assert mean_wait(1, 0.8, handling=10) == pytest.approx(0.8 / (1 - 0.8) * 10)


@pytest.mark.parametrize(
    ("servers", "load"), [(3, Fraction(1, 7)), (60, Fraction(111, 2)), (250, Fraction(251))]
)
def test_b_is_the_sum_of_its_definition_in_exact_fractions(servers: int, load: Fraction) -> None:
    terms = [Fraction(1)]  # a^k / k!
    for k in range(1, servers + 1):
        terms.append(terms[-1] * load / k)
    assert erlang_b(servers, float(load)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@given(SERVERS, LOADS)
def test_one_more_agent_never_makes_it_worse_and_more_load_never_better(servers: int, load: float) -> None:
    for formula in (erlang_b, erlang_c):
        share = formula(servers, load)
        assert 0 <= share <= 1
        assert formula(servers + 1, load) <= share
        assert formula(servers, load * 1.1) >= share


@given(SERVERS, LOADS)
def test_whoever_waits_is_more_than_whoever_is_turned_away(servers: int, load: float) -> None:
    lost, waits = erlang_b(servers, load), erlang_c(servers, load)
    assert waits >= lost
    if load < servers and lost:
        assert 1 / waits == pytest.approx(load / servers + (1 - load / servers) / lost)  # C from B, otherwise


@given(SERVERS, LOADS, st.floats(0, 600))
def test_the_longer_the_time_the_more_are_answered_in_it(servers: int, load: float, within: float) -> None:
    level = service_level(servers, load, 180, within)
    assert 0 <= level <= service_level(servers, load, 180, within + 1) <= 1


@given(st.floats(0.01, 300), st.floats(0, 0.999))
def test_the_fewest_agents_are_the_fewest(load: float, share: float) -> None:
    agents = agents_for(load, 180, 20, share)
    assert service_level(agents, load, 180, 20) >= share
    if agents > 1:
        assert load >= agents - 1 or service_level(agents - 1, load, 180, 20) < share


def test_a_load_of_all_agents_or_more_is_a_line_without_end() -> None:
    for load in (10, 10.5, 1e9):
        assert erlang_c(10, load) == 1
        assert mean_wait(10, load, 180) == math.inf
        assert service_level(10, load, 180, 20) == 0


def test_ten_thousand_agents_are_computed_at_once_and_exactly() -> None:
    began = time.process_time()
    assert erlang_b(10_000, 9_900) == pytest.approx(0.0037, abs=0.001)
    assert 0 < erlang_c(10_000, 9_900) < 1
    assert erlang_b(10_000, 1) == 0  # 1/10000!: below what a float can hold, and no fault
    assert time.process_time() - began < 5  # it takes milliseconds


@pytest.mark.parametrize(
    "absurd",
    [
        lambda: erlang_b(-1, 1),
        lambda: erlang_b(10_001, 1),
        lambda: erlang_b(1.5, 1),  # type: ignore[arg-type]
        lambda: erlang_b(True, 1),
        lambda: erlang_b(1, -0.1),
        lambda: erlang_c(0, 1),
        lambda: erlang_c(1, math.nan),
        lambda: erlang_c(1, math.inf),
        lambda: mean_wait(1, 0.5, 0),
        lambda: service_level(1, 0.5, 180, -1),
        lambda: agents_for(1, 180, 20, 1),
        lambda: agents_for(10_000, 180, 20, 0.8),
    ],
)
def test_the_absurd_is_refused(absurd: object) -> None:
    with pytest.raises(ValueError, match=r"must be|needs more"):
        absurd()  # type: ignore[operator]
