"""Whole distributions of waits: against published values, the means of the chain, limits, definitions."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.formulas.erlang import erlang_c, service_level
from metrics.formulas.line import erlang_a, limited
from metrics.formulas.waiting import agents_for, in_time, limited_in_time, limited_longer, longer

SERVERS = st.integers(1, 150)
LOADS = st.floats(0.05, 200)
PATIENCE = st.floats(5, 5_000)
TIMES = st.floats(0, 600)


def test_the_published_90th_percentiles() -> None:
    """A. Mandelbaum, S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue" (2007): 48 calls a
    minute of a minute each, 50 agents: 58.1 s if all wait, 12.5 s if they give up after 2 minutes.
    """
    assert longer(50, 48, 60, 120, 12.5) == pytest.approx(0.1, abs=0.001)
    assert erlang_c(50, 48) * math.exp(-(50 - 48) * 58.1 / 60) == pytest.approx(0.1, abs=0.0005)


@given(SERVERS, LOADS, PATIENCE)
def test_the_distribution_has_the_chain_s_mean_and_ends(servers: int, load: float, patience: float) -> None:
    """E W = ∫ P(W > t) dt, and those answered within any time are those who do not give up."""
    line = erlang_a(servers, load, 60, patience)
    assert longer(servers, load, 60, patience, 0) == pytest.approx(line.waits, abs=1e-12)
    assert in_time(servers, load, 60, patience, 0) == pytest.approx(1 - line.waits, abs=1e-12)
    assert in_time(servers, load, 60, patience, 1e7) == pytest.approx(1 - line.abandons, abs=1e-9)


@pytest.mark.parametrize("load", [4.0, 9.5, 30.0])
def test_the_mean_wait_is_the_area_under_the_distribution(load: float) -> None:
    step, patience = 0.5, 90.0
    shares = [longer(10, load, 60, patience, each * step) for each in range(3001)]
    area = step * (sum(shares) - shares[0] / 2)
    assert area == pytest.approx(erlang_a(10, load, 60, patience).wait, rel=1e-3)


@pytest.mark.parametrize(("load", "within"), [(4.0, 10), (9.5, 20), (30.0, 60), (30.0, 200)])
def test_who_is_not_answered_in_time_waits_longer_or_gave_up(load: float, within: float) -> None:
    """Callers in line give up at the rate 1/patience: so many as the area under those who wait, over it."""
    patience, parts = 90.0, 4_000
    step = within / parts
    waiting = [longer(10, load, 60, patience, each * step) for each in range(parts + 1)]
    gave_up = step * (sum(waiting) - (waiting[0] + waiting[-1]) / 2) / patience
    assert in_time(10, load, 60, patience, within) == pytest.approx(1 - waiting[-1] - gave_up, abs=1e-6)


@given(SERVERS, LOADS, PATIENCE, TIMES)
def test_more_time_answers_more_and_leaves_fewer_waiting(
    servers: int, load: float, patience: float, within: float
) -> None:
    share, rest = in_time(servers, load, 60, patience, within), longer(servers, load, 60, patience, within)
    assert 0 <= share <= in_time(servers, load, 60, patience, within + 5) + 1e-9
    assert 0 <= longer(servers, load, 60, patience, within + 5) <= rest + 1e-9
    assert share + rest <= 1 + 1e-9  # the others gave up in that time


@given(SERVERS, st.floats(0.05, 0.9), TIMES)
def test_endless_patience_and_endless_places_are_erlang_c(
    servers: int, occupied: float, within: float
) -> None:
    load = servers * occupied
    level = service_level(servers, load, 60, within)
    assert in_time(servers, load, 60, 1e8, within) == pytest.approx(level, abs=1e-4)
    assert limited_in_time(servers, servers + 3_000, load, 60, within) == pytest.approx(level, abs=1e-9)


def test_one_agent_and_two_places_by_hand() -> None:
    """M/M/1/2 at load 1: states 0, 1, 2 are equally likely; who finds one there waits a handling time."""
    assert limited_longer(1, 2, 1, 60, 30) == pytest.approx(math.exp(-0.5) / 3)
    assert limited_in_time(1, 2, 1, 60, 30) == pytest.approx(2 / 3 - math.exp(-0.5) / 3)


@given(SERVERS, st.integers(0, 200), LOADS, TIMES)
def test_every_caller_is_answered_turned_away_or_waits_longer(
    servers: int, room: int, load: float, within: float
) -> None:
    given_ = (servers, servers + room, load, 60.0)
    blocked = limited(*given_).blocked
    whole = limited_in_time(*given_, within) + blocked + limited_longer(*given_, within)
    assert whole == pytest.approx(1)


def test_the_mean_of_those_who_enter_a_limited_line() -> None:
    step = 0.25
    shares = [limited_longer(8, 20, 9.0, 60, each * step) for each in range(2401)]
    area = step * (sum(shares) - shares[0] / 2)
    line = limited(8, 20, 9.0, 60)
    assert area == pytest.approx(line.wait * (1 - line.blocked), rel=1e-4)


@given(st.floats(0.1, 200), st.floats(0, 0.99))
def test_the_fewest_impatient_agents_are_the_fewest(load: float, share: float) -> None:
    agents = agents_for(load, 180, 120, 20, share)
    assert in_time(agents, load, 180, 120, 20) >= share
    assert agents == 1 or in_time(agents - 1, load, 180, 120, 20) < share


@pytest.mark.parametrize("load", [9_000, 9_990, 10_500, 40_000])
def test_ten_thousand_agents_are_computed_at_once(load: float) -> None:
    began = time.process_time()
    line = erlang_a(10_000, load, 300, 120)
    assert 0 <= in_time(10_000, load, 300, 120, 20) <= 1 - line.abandons + 1e-9
    assert 0 <= longer(10_000, load, 300, 120, 20) <= line.waits
    assert 0 <= limited_in_time(10_000, 10_500, load, 300, 20) <= 1
    assert time.process_time() - began < 5  # it takes a fifth of a second


@pytest.mark.parametrize(
    "absurd",
    [
        lambda: in_time(5, 4, 60, 60, -1),
        lambda: longer(5, 4, 60, 60, math.nan),
        lambda: in_time(0, 4, 60, 60, 1),
        lambda: limited_in_time(5, 4, 1, 60, 1),
        lambda: limited_longer(5, 6, 1, 60, -1),
        lambda: agents_for(5, 60, 60, 20, 1.0),
        lambda: agents_for(12_000, 60, 600, 20, 0.9),
    ],
)
def test_the_absurd_is_refused(absurd: object) -> None:
    with pytest.raises(ValueError, match=r"must be|needs more"):
        absurd()  # type: ignore[operator]
