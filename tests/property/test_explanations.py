"""What an explanation says is so: it agrees with the offer made, and a change it names gives what it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from router.core.change import Change, Moment, outcome
from router.core.change import moment as moment_of
from router.core.changes import changes
from router.core.effects import Offer
from router.core.events import Contact
from router.core.rivals import order, passed
from router.core.snapshot import freeze
from router.core.state import State
from router.core.step import step
from router.core.why import ABLE, REASONS, explain, explain_offer
from tests.property.events import streams
from tests.property.test_core_laws import drawn_for

pytestmark = pytest.mark.long


@given(streams())
@settings(max_examples=40, deadline=None)
def test_the_one_who_got_the_offer_is_ahead_of_every_other_who_could_have_it(stream):
    state = State()
    told = []

    def witness(contact, agent, worth):
        told.append((contact.contact, explain_offer(state, contact, agent, worth)))
        lined = order(state, contact, agent, worth)
        assert lined.waiting == sum(len(line.places) for line in state.lines)
        for rival in lined.rivals:
            assert rival.contact != contact.contact
            other = passed(state, state.contacts[rival.contact], contact, agent, worth)
            assert (other.reason, other.behind, other.by) == ("", rival.behind, rival.by)

    state.witness = witness
    for at, event in drawn_for(state, stream):
        told.clear()
        before = freeze(state)
        result = step(state, event, at)
        offers = [effect for effect in result.effects if isinstance(effect, Offer)]
        assert [(name, why.agent, why.score, why.terms) for name, why in told] == [
            (offer.contact, offer.agent, offer.score, offer.why) for offer in offers
        ]
        for _, why in told:
            assert sum(group.agents for group in why.groups) == len(state.agents)
            assert {group.outcome for group in why.groups} <= {ABLE, *REASONS}
            mine = [each for each in why.profiles if each.agent == why.agent]
            assert [each.behind for each in mine] == [0]
            assert all(each.behind is None or each.behind >= 0 for each in why.profiles)
        if result.refusal is not None:
            assert freeze(state) == before
        for contact in state.contacts.values():
            assert explain(state, contact).state == contact.state


def less(change: Change) -> Change | None:
    """The same, by the least amount less; None where nothing would be left."""
    match change.kind:
        case "earlier":
            return structs.replace(change, seconds=change.seconds - 1) if change.seconds > 1 else None
        case "skill":
            return structs.replace(change, level=change.level - 1) if change.level - 1 > change.was else None
        case "weight":
            nearer = change.value + (1 if change.value < change.was else -1)
            return structs.replace(change, value=nearer) if nearer != change.was else None
    return None


@given(streams(), st.data())
@settings(max_examples=25, deadline=None)
def test_what_would_have_changed_the_result_does_when_the_step_is_taken_again(stream, data):
    state = State()
    tried = 0
    for at, event in drawn_for(state, stream):
        whole = Moment(freeze(state), event, at)
        part = moment_of(state, event, at)
        result = step(state, event, at)
        if result.refusal is not None or result.duplicate or tried > 2:
            continue
        offered = {effect.contact: effect.agent for effect in result.effects if isinstance(effect, Offer)}
        names = [*offered, *(c.contact for c in state.contacts.values() if state.in_line(c))]
        if not names or not (isinstance(event, Contact) or data.draw(st.integers(0, 3)) == 0):
            continue
        tried += 1
        name = data.draw(st.sampled_from(names))
        recorded = offered.get(name, "")
        assert outcome(whole, name) == recorded
        for change in changes(part, name):
            assert change.result != recorded
            assert outcome(whole, name, change) == change.result, change
            nearer = less(change)
            if nearer is not None:
                assert outcome(whole, name, nearer) != change.result, (change, nearer)
