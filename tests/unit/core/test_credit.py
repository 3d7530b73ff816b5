"""Bounded credit: who comes before an equal, and by how much at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.core import events as e
from router.core.credit import credit_of
from router.core.policy import SECOND, Policy
from router.core.state import State
from router.core.step import step

USUAL = Policy()


def contact(**more) -> e.Contact:
    return e.Contact("c1", "phone", ({},), **more)


def test_each_ground_counts_and_they_add_up():
    assert credit_of(USUAL, contact()) == 0
    assert credit_of(USUAL, contact(vulnerable=True)) == 120 * SECOND
    assert credit_of(USUAL, contact(cut=True)) == 60 * SECOND
    assert credit_of(USUAL, contact(journey=2)) == 40 * SECOND
    assert credit_of(USUAL, contact(cut=True, journey=2)) == 100 * SECOND


@given(st.booleans(), st.booleans(), st.integers(0, 1000), st.integers(0, 300))
def test_never_more_than_the_cap(vulnerable, cut, journey, cap):
    policy = Policy(credit_cap=cap * SECOND)
    assert 0 <= credit_of(policy, contact(vulnerable=vulnerable, cut=cut, journey=journey)) <= cap * SECOND


def test_it_moves_the_rank_and_nothing_else():
    state = State()
    step(state, contact(cut=True), 500 * SECOND)
    assert state.contacts["c1"].rank == 440 * SECOND
    assert state.contacts["c1"].arrived_at == 500 * SECOND
