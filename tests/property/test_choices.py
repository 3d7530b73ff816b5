"""Nobody is moved to another channel but by their own recorded choice, or by a transfer."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Propose
from router.core.invariants import broken
from router.core.policy import CHANNELS, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from tests.property.events import contacts, rare, react, streams

pytestmark = pytest.mark.long

PROPOSING = Policy(propose_to=("callback", "email", "chat"), propose_past=100)

choices = st.builds(
    e.Choice,
    contact=contacts,
    channel=st.sampled_from(CHANNELS),
    choice=st.sampled_from(("accepted", "refused")),
)
chosen = st.tuples(st.just("choice"), st.integers(0, 10**6))


def drawn(state: State, what: object) -> e.Event:
    """Choices of what was proposed, or most would name what never was."""
    if isinstance(what, int):
        return react(state, what)
    if isinstance(what, tuple):
        asked = [c for c in state.contacts.values() if c.proposed and c.state == "waiting"]
        if not asked:
            return e.Tick()
        contact = asked[what[1] % len(asked)]
        channel = contact.proposed[what[1] // 7 % len(contact.proposed)]
        return e.Choice(contact.contact, channel, ("accepted", "refused")[what[1] // 3 % 2])
    return what


@given(streams(also=rare | choices | chosen), st.booleans())
@settings(max_examples=120, deadline=None)
def test_only_a_recorded_choice_or_a_transfer_moves_a_contact_to_another_channel(stream, whole):
    state = State()
    state.policy = PROPOSING
    at = 0
    told: dict[str, tuple[str, ...]] = {}
    for gap, what in stream:
        at += gap
        event = drawn(state, what)
        if isinstance(event, e.Config):
            event = e.Config(structs.replace(event.policy, propose_to=PROPOSING.propose_to), event.hash)
        before = {name: contact.channel for name, contact in state.contacts.items()}
        twin = thaw(freeze(state))
        result = step(state, event, at)
        assert step(twin, event, at) == result or result.refusal is not None
        assert digest(twin) == digest(state)
        assert broken(state) == []
        applied = result.refusal is None and not result.duplicate
        for effect in result.effects:
            if isinstance(effect, Propose):
                assert effect.contact not in told, "told twice"
                assert not state.contacts[effect.contact].choice
                told[effect.contact] = tuple(way.channel for way in effect.channels)
                assert state.contacts[effect.contact].channel not in told[effect.contact]
        for name, channel in before.items():
            contact = state.contacts.get(name)
            if contact is None or contact.channel == channel:
                continue
            assert applied
            if isinstance(event, e.Again):
                assert event.contact == name
                assert event.channel == contact.channel
            else:
                assert isinstance(event, e.Choice)
                assert (event.contact, event.channel, event.choice) == (name, contact.channel, "accepted")
                assert contact.channel in told[name]
                assert contact.choice == contact.channel
    assert msgspec.msgpack.decode(freeze(state))["n"] == state.n
