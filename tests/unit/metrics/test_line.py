"""Callers who give up, and lines with so many places, against published figures and their limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.formulas.erlang import erlang_b, erlang_c, mean_wait
from metrics.formulas.line import erlang_a, limited

SERVERS = st.integers(1, 150)
LOADS = st.floats(0.05, 200)
PATIENCE = st.floats(1, 10_000)


def test_fifty_agents_forty_eight_calls_a_minute_and_two_minutes_of_patience() -> None:
    """The example of Garnett, Mandelbaum and Reiman (2002)."""
    line = erlang_a(50, load=48, handling=60, patience=120)
    assert line.abandons == pytest.approx(0.0309, abs=0.00005)
    assert line.wait == pytest.approx(3.71, abs=0.005)


@given(SERVERS, LOADS, PATIENCE)
def test_shares_are_shares_and_what_is_not_abandoned_is_served(
    servers: int, load: float, patience: float
) -> None:
    line = erlang_a(servers, load, 60, patience)
    assert 0 <= line.abandons <= line.waits <= 1
    assert line.abandons == pytest.approx(line.wait / patience)  # each gives up at the rate 1/patience
    assert load * (1 - line.abandons) <= servers * (1 + 1e-9)  # nobody serves more than one at a time


@given(SERVERS, LOADS, PATIENCE)
def test_one_more_agent_never_makes_it_worse_and_more_load_never_better(
    servers: int, load: float, patience: float
) -> None:
    line, more = erlang_a(servers, load, 60, patience), erlang_a(servers + 1, load, 60, patience)
    heavier = erlang_a(servers, load * 1.1, 60, patience)
    for worse, better in ((line, more), (heavier, line)):
        assert better.abandons <= worse.abandons + 1e-12
        assert better.waits <= worse.waits + 1e-12


@given(SERVERS, st.floats(0.05, 0.95))
def test_endless_patience_is_erlang_c(servers: int, occupied: float) -> None:
    load = servers * occupied
    line = erlang_a(servers, load, 60, 1e12)
    assert line.waits == pytest.approx(erlang_c(servers, load), rel=1e-6, abs=1e-12)
    assert line.wait == pytest.approx(mean_wait(servers, load, 60), rel=1e-6, abs=1e-12)
    assert line.abandons < 1e-6


@given(SERVERS, LOADS)
def test_no_patience_is_erlang_b(servers: int, load: float) -> None:
    line = erlang_a(servers, load, 60, 1e-9)
    assert line.abandons == pytest.approx(erlang_b(servers, load), abs=1e-6)


@given(SERVERS, LOADS)
def test_no_place_to_wait_is_erlang_b(servers: int, load: float) -> None:
    line = limited(servers, servers, load, 60)
    assert line.blocked == pytest.approx(erlang_b(servers, load))
    assert (line.waits, line.wait) == (pytest.approx(0, abs=1e-12), 0)


@given(SERVERS, st.floats(0.05, 0.95))
def test_places_enough_are_erlang_c(servers: int, occupied: float) -> None:
    load = servers * occupied
    line = limited(servers, servers + 5_000, load, 60)
    assert line.waits == pytest.approx(erlang_c(servers, load), abs=1e-12)
    assert line.wait == pytest.approx(mean_wait(servers, load, 60))
    assert line.blocked == pytest.approx(0, abs=1e-12)


def test_one_agent_and_places_is_the_textbook_s_m_m_1_k() -> None:
    load, places = 0.5, 3
    weights = [load**k for k in range(places + 1)]
    line = limited(1, places, load, 10)
    assert line.blocked == pytest.approx(weights[-1] / sum(weights))
    assert line.length == pytest.approx((weights[2] + 2 * weights[3]) / sum(weights))


@given(SERVERS, st.integers(0, 300), LOADS)
def test_one_more_place_turns_fewer_away(servers: int, room: int, load: float) -> None:
    here, there = (limited(servers, servers + places, load, 60) for places in (room, room + 1))
    assert 0 <= there.blocked <= here.blocked + 1e-12 <= 1 + 1e-9
    assert there.length >= here.length - 1e-9


def test_overload_with_patience_is_a_long_line_and_no_overflow() -> None:
    line = erlang_a(100, load=5_000, handling=60, patience=6_000)
    assert line.abandons == pytest.approx(1 - 100 / 5_000)  # whoever is not served gives up
    assert line.length == pytest.approx((5_000 - 100) * 100)


@pytest.mark.parametrize(
    "absurd",
    [
        lambda: erlang_a(0, 1, 60, 60),
        lambda: erlang_a(1, 0, 60, 60),
        lambda: erlang_a(1, 1, 60, 0),
        lambda: erlang_a(1, 1, math.nan, 60),
        lambda: erlang_a(1, 1, 60, math.inf),
        lambda: erlang_a(10, 11, 60, 1e9),
        lambda: limited(5, 4, 1, 60),
        lambda: limited(5, 1_000_001, 1, 60),
    ],
)
def test_the_absurd_is_refused(absurd: object) -> None:
    with pytest.raises(ValueError, match=r"must be|no line"):
        absurd()  # type: ignore[operator]
