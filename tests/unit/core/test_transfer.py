"""`again`, a transfer: first arrival as rank, the agent free at once and the only refuser, `due_s` kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from router.core import events as e
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.policy import SECOND
from router.core.state import State
from router.core.step import step
from tests.property.events import streams
from tests.property.test_core_laws import drawn_for

ANY: e.Needs = ({},)
X: e.Needs = ({"x": 1},)


def at(state: State, seconds: float, *events: e.Event):
    """The offers of these events at this second; the state is sound after each."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        found += result.effects
    return [(x.contact, x.agent) for x in found if isinstance(x, Offer)]


def talking(**fields) -> State:
    """c came at 1 s, and a has it; b can nothing yet."""
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 1}))
    at(state, 1, e.Contact("c", "phone", X, **fields), e.Answer("o1", "c", "a", "accepted"))
    return state


def test_it_waits_at_its_first_arrival():
    state = talking()
    at(state, 5, e.Contact("later", "phone", X))
    assert at(state, 9, e.Again("c", X)) == [("later", "a")]  # free at once; c is for others first
    assert at(state, 10, e.Contact("last", "phone", X), e.Agent("b", "ready", skills={"x": 1})) == [
        ("c", "b")
    ]
    assert state.contacts["c"].rank == 1 * SECOND


def test_the_credit_of_its_arrival_is_kept():
    state = talking(vulnerable=True)
    at(state, 9, e.Again("c", X))
    assert (state.contacts["c"].arrived_at, state.contacts["c"].rank) == (1 * SECOND, -119 * SECOND)


def test_the_agent_is_asked_again_after_the_pause_if_nobody_else_can():
    state = talking()
    assert at(state, 9, e.Again("c", X)) == []
    assert state.wake() == 39 * SECOND
    assert at(state, 38.9, e.Tick()) == []
    assert at(state, 39, e.Tick()) == [("c", "a")]


def test_the_agent_is_not_asked_while_another_who_has_not_refused_can():
    state = talking()
    at(state, 2, e.Agent("b", "ready", skills={"x": 1}))
    assert at(state, 9, e.Again("c", X)) == [("c", "b")]


def test_who_refused_before_the_transfer_may_have_it_now():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 1}), e.Agent("b", "ready", skills={"x": 9}))
    assert at(state, 1, e.Contact("c", "phone", X)) == [("c", "b")]
    assert at(state, 2, e.Answer("o1", "c", "b", "declined")) == [("c", "a")]
    at(state, 3, e.Answer("o2", "c", "a", "accepted"))
    assert at(state, 4, e.Again("c", X)) == [("c", "b")]
    assert list(state.contacts["c"].refusals) == ["a"]


def test_what_was_asked_before_is_dropped_and_the_due_time_kept():
    state = talking(due=600 * SECOND, target=20 * SECOND, relax=(e.Relax(300 * SECOND, ANY),), prefers=("a",))
    at(state, 9, e.Again("c", ({"y": 1},)))
    contact = state.contacts["c"]
    assert (contact.needs, contact.relax, contact.prefers) == (({"y": 1},), (), ())
    assert (contact.due_at, contact.target, contact.channel) == (601 * SECOND, 20 * SECOND, "phone")
    at(state, 400, e.Tick())
    assert state.contacts["c"].needs == ({"y": 1},)


def test_another_channel_and_target_come_with_the_transfer_alone():
    state = talking()
    at(state, 9, e.Again("c", X, "email", 90 * SECOND))
    assert (state.contacts["c"].channel, state.contacts["c"].target) == ("email", 90 * SECOND)


def test_it_goes_on_from_wrap_up_too_and_the_agent_s_wrap_up_is_over():
    state = talking()
    at(state, 9, e.Ended("c"), e.Contact("next", "phone", X))
    assert at(state, 10, e.Again("c", X)) == [("next", "a")]


@pytest.mark.parametrize("where", ["waiting", "offered", "ended", "gone"])
def test_only_a_contact_in_somebody_s_hands_is_transferred(where):
    state = talking()
    if where == "ended":
        at(state, 2, e.Ended("c"), e.Done("c", "a"))
    elif where == "gone":
        at(state, 2, e.Contact("d", "phone", X), e.Gone("d"))
    elif where == "waiting":
        at(state, 2, e.Contact("d", "phone", X))
    else:
        at(state, 2, e.Agent("b", "ready", skills={"x": 1}), e.Contact("d", "phone", X))
    name = "c" if where == "ended" else "d"
    assert state.contacts[name].state == where
    refusal = step(state, e.Again(name, ANY), 3 * SECOND).refusal
    assert refusal is not None
    assert refusal.code == "not_now"


def test_the_same_transfer_once_more_is_a_double():
    state = talking()
    at(state, 9, e.Again("c", X))
    assert step(state, e.Again("c", X), 10 * SECOND).duplicate
    assert not step(state, e.Again("c", ANY), 10 * SECOND).duplicate


def test_who_was_served_stays_served():
    state = talking()
    at(state, 9, e.Again("c", X), e.Gone("c"))
    assert state.contacts["c"].served_at == 1 * SECOND
    assert (state.counts.arrived, state.counts.gone) == (1, 1)


@given(streams())
@settings(max_examples=60, deadline=None)
def test_every_transfer_keeps_the_law(stream):
    state = State()
    for moment, event in drawn_for(state, stream):
        contact = state.contacts.get(getattr(event, "contact", "") or "")
        before = (contact.arrived_at, contact.due_at, contact.agent) if contact is not None else None
        result = step(state, event, moment)
        if not isinstance(event, e.Again) or result.refusal is not None or result.duplicate:
            continue
        assert contact is not None
        assert before is not None
        credit = contact.arrived_at - contact.rank
        assert (contact.arrived_at, contact.due_at) == before[:2]
        assert 0 <= credit <= state.policy.credit_cap
        assert list(contact.refusals) == [before[2]]
        assert contact.relax == ()
        assert contact.contact not in state.agents[before[2]].hands or contact.state == "offered"
