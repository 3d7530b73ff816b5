"""The laws of the core, each as a property over random streams of events."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings

from router.core import events as e
from router.core.best import best_agent
from router.core.digest import digest
from router.core.effects import Effect, Offer, Withdraw
from router.core.invariants import broken
from router.core.lifecycle import FINISHED
from router.core.line import HELD, hold_of
from router.core.may import barred, has_room, may_take, reachable, serves
from router.core.refusal import Refusal
from router.core.reserve import spares
from router.core.score import score
from router.core.snapshot import freeze, thaw
from router.core.state import AgentRecord, ContactRecord, State
from router.core.step import step
from skills.eligibility import eligible
from tests.property.events import react, streams

pytestmark = pytest.mark.long

encode = msgspec.msgpack.encode


def drawn_for(state: State, stream) -> Iterator[tuple[int, e.Event]]:
    """Each event with its instant, reactions resolved against the state as it is when they are asked for."""
    at = state.now
    for gap, drawn in stream:
        at += gap
        yield at, react(state, drawn) if isinstance(drawn, int) else drawn


def play(state: State, stream) -> list[tuple[int, e.Event, tuple[Effect, ...]]]:
    """Run a stream; returns what was applied and its effects. The instants go on from the state's own."""
    done = []
    for at, event in drawn_for(state, stream):
        result = step(state, event, at)
        if result.refusal is None and not result.duplicate:
            done.append((at, event, result.effects))
    return done


@given(streams())
@settings(max_examples=40, deadline=None)
def test_every_state_is_sound_and_every_refusal_changes_nothing(stream):
    state = State()
    for at, event in drawn_for(state, stream):
        before = freeze(state)
        result = step(state, event, at)
        if result.refusal is not None or result.duplicate:
            assert freeze(state) == before, event
        assert broken(state) == [], event


@given(streams())
@settings(max_examples=40, deadline=None)
def test_the_digest_kept_equals_the_digest_counted_anew(stream):
    state = State()
    for at, event in drawn_for(state, stream):
        step(state, event, at)
        assert digest(state) == digest(thaw(freeze(state)))


@given(streams(), streams())
@settings(max_examples=40, deadline=None)
def test_a_thawed_state_goes_on_exactly_as_the_frozen_one(first, second):
    state = State()
    play(state, first)
    twin = thaw(freeze(state))
    assert play(state, second) == play(twin, second)
    assert digest(state) == digest(twin)
    assert state.wake() == twin.wake()


@given(streams())
@settings(max_examples=40, deadline=None)
def test_what_was_applied_gives_the_same_again(stream):
    first, second = State(), State()
    for at, event, effects in play(first, stream):
        wire = msgspec.msgpack.decode(encode(event), type=e.Event)
        assert encode(step(second, wire, at).effects) == encode(effects)
    assert digest(first) == digest(second)


@given(streams())
@settings(max_examples=40, deadline=None)
def test_offers_go_only_to_ready_agents_who_can_and_in_order_of_rank(stream):
    state = State()
    for at, event in drawn_for(state, stream):
        for effect in step(state, event, at).effects:
            if isinstance(effect, Offer):
                agent, contact = state.agents[effect.agent], state.contacts[effect.contact]
                assert agent.state == "ready"
                assert eligible(agent.skills, contact.needs)
                assert sum(effect.why.values()) == effect.score
                for other in state.contacts.values():  # law 5: nobody equal and earlier was passed over
                    same = (other.channel, other.needs, other.target) == (
                        contact.channel, contact.needs, contact.target,
                    )  # fmt: skip
                    able = state.in_line(other) and reachable(agent, other.via)
                    if able and same and other.rank < contact.rank:
                        assert effect.agent in other.refusals or other.prefers, (effect, other)


@given(streams())
@settings(max_examples=40, deadline=None)
def test_nobody_is_lost_or_overbooked(stream):
    state = State()
    applied = play(state, stream)
    for offer in state.offers.values():
        withdrawn = [
            x for _, _, fx in applied for x in fx if isinstance(x, Withdraw) and x.offer == offer.offer
        ]
        assert len(withdrawn) == (offer.state == "withdrawn")
    for agent in state.agents.values():
        assert all(state.contacts[name].state not in FINISHED for name in agent.hands)


def plainly_best(state: State, contact: ContactRecord) -> AgentRecord | None:
    """What `best_agent` means, by a look at everybody."""
    able = [
        agent
        for agent in state.agents.values()
        if may_take(state, agent, contact)
        and serves(state, agent, contact)
        and not barred(state, contact, agent)
        and not (hold_of(contact) == HELD and state.in_line(contact) and not spares(state, agent, contact))
    ]
    return min(
        able,
        key=lambda agent: (-score(state, contact, agent).total, agent.idle_since, agent.agent),
        default=None,
    )


@given(streams())
@settings(max_examples=40, deadline=None)
def test_the_roster_gives_whom_a_look_at_everybody_gives(stream):
    state = State()
    for at, event in drawn_for(state, stream):
        step(state, event, at)
        for contact in state.contacts.values():
            assert best_agent(state, contact) is plainly_best(state, contact), contact


def test_a_double_from_the_inbox_is_known_by_its_sequence():
    state = State()
    origin = e.Origin("mail", 1, "5-0")
    assert not step(state, e.Contact("c1", "email", ({},)), 0, origin).duplicate
    assert step(state, e.Contact("c2", "email", ({},)), 0, e.Origin("mail", 1, "6-0")).duplicate
    assert state.inbox == "5-0"
    assert not step(state, e.Refused("double"), 1, e.Origin("mail", 1, "6-0")).duplicate
    assert state.inbox == "6-0"


def test_a_new_core_takes_over_at_its_predecessors_snapshot_but_not_at_anything():
    frozen = msgspec.msgpack.decode(freeze(State()))
    frozen["core"] = "0"
    assert thaw(encode(frozen)).n == 0
    del frozen["contacts"]
    with pytest.raises(ValueError, match="contacts"):
        thaw(encode(frozen))


def test_refusals_are_returned_never_raised():
    result = step(State(), e.Gone("nobody"), 0)
    assert isinstance(result.refusal, Refusal)
    assert result.refusal.code == "unknown_contact"


def test_has_room_is_about_the_channel_and_the_hands():
    state = State()
    step(state, e.Agent("a1", "ready", skills={}), 0)
    step(state, e.Contact("c1", "chat", ({},)), 0)
    assert has_room(state, state.agents["a1"], "chat")
    assert not has_room(state, state.agents["a1"], "phone")
