"""The laws of the core hold with every configuration that is off by default, as they do without."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.core import events as e
from router.core.best import best_agent
from router.core.digest import digest
from router.core.effects import Offer, Pause, Resume
from router.core.invariants import broken
from router.core.may import serves
from router.core.policy import Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from tests.property.configured import configured
from tests.property.events import streams
from tests.property.test_core_laws import drawn_for, plainly_best, play

pytestmark = pytest.mark.long

calm = streams(also=st.just(e.Tick()))  # the policy stays as it is: what is in hand would not go together


def pool(policy: Policy) -> State:
    state = State()
    state.policy = policy
    return state


@given(configured, calm)
@settings(max_examples=40, deadline=None)
def test_every_state_is_sound(policy, stream):
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        before = freeze(state)
        result = step(state, event, at)
        if result.refusal is not None or result.duplicate:
            assert freeze(state) == before, event
        assert broken(state) == [], event


@given(configured, calm)
@settings(max_examples=40, deadline=None)
def test_the_digest_and_a_thawed_state_tell_the_same(policy, stream):
    state = pool(policy)
    half = len(stream) // 2
    play(state, stream[:half])
    twin = thaw(freeze(state))
    assert digest(twin) == digest(state)
    assert play(twin, stream[half:]) == play(state, stream[half:])
    assert digest(twin) == digest(state) == digest(thaw(freeze(state)))
    assert twin.wake() == state.wake()


@given(configured, calm)
@settings(max_examples=40, deadline=None)
def test_the_roster_gives_whom_a_look_at_everybody_gives(policy, stream):
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        step(state, event, at)
        for contact in state.contacts.values():
            if state.in_line(contact):
                found, best = best_agent(state, contact), plainly_best(state, contact)
                assert found is best, (contact, found, best)


@given(configured, calm)
@settings(max_examples=40, deadline=None)
def test_offers_go_to_ready_agents_who_may_serve(policy, stream):
    state = pool(policy)
    for _, _, effects in play(state, stream):
        for effect in effects:
            if isinstance(effect, Offer):
                assert sum(effect.why.values()) == effect.score
    for contact in state.contacts.values():
        if contact.offer is not None:
            assert serves(state, state.agents[state.offers[contact.offer].agent], contact) or contact.group


@given(configured, calm)
@settings(max_examples=40, deadline=None)
def test_a_contact_is_laid_aside_and_taken_up_in_turn(policy, stream):
    state = pool(policy)
    aside: set[str] = set()
    for _, event, effects in play(state, stream):
        if isinstance(event, (e.Again, e.Done, e.Found)):
            aside.discard(event.contact)
        for effect in effects:
            if isinstance(effect, Pause):
                assert effect.contact not in aside
                aside.add(effect.contact)
            elif isinstance(effect, Resume):
                assert effect.contact in aside
                aside.discard(effect.contact)
