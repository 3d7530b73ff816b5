"""Call-backs as waiting contacts: their place, one open per citizen, and none for who is on the line."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Offer, Replaced, Withdraw
from router.core.invariants import broken
from router.core.policy import SECOND
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second; the state is sound after each."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        assert digest(state) == digest(thaw(freeze(state))), event
        found += result.effects
    return found


def code(state: State, seconds: float, event: e.Event) -> str:
    refusal = step(state, event, round(seconds * SECOND)).refusal
    assert refusal is not None
    return refusal.code


def offers(effects):
    return [(x.contact, x.agent) for x in effects if isinstance(x, Offer)]


def call(name: str, **fields) -> e.Contact:
    return e.Contact(name, "phone", ANY, citizen="anne", **fields)


def callback(name: str, after: str | None, **fields) -> e.Contact:
    return e.Contact(name, "callback", ANY, after=after, **fields)


def asked_for() -> State:
    """anne called at 1 s, another waits since 2 s, and at 60 s she would rather be called back."""
    state = State()
    at(state, 1, call("first", topic="housing", language="fr", vulnerable=True))
    at(state, 2, e.Contact("other", "callback", ANY))
    told = at(state, 60, callback("back", "first"))
    assert told == [Replaced("first", "back", "callback")]
    return state


def test_a_call_back_keeps_the_place_of_the_call_it_comes_from():
    state = asked_for()
    first, back = state.contacts["first"], state.contacts["back"]
    assert (first.state, first.reason) == ("gone", "callback")
    assert (back.arrived_at, back.rank) == (1 * SECOND, -119 * SECOND)
    assert (back.citizen, back.topic, back.language) == ("anne", "housing", "fr")
    assert offers(at(state, 61, e.Agent("a", "ready", skills={}))) == [("back", "a")]


def test_it_never_jumps_over_an_equal_contact_that_came_before():
    state = State()
    at(state, 0, e.Contact("older", "callback", ANY))
    at(state, 1, call("first"))
    at(state, 60, callback("back", "first", vulnerable=False))
    assert offers(at(state, 61, e.Agent("a", "ready", skills={}))) == [("older", "a")]


def test_an_offered_call_is_withdrawn_before_its_call_back_is_offered():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), call("first"))
    told = at(state, 1, callback("back", "first"))
    assert [type(x) for x in told] == [Withdraw, Replaced, Offer]


def test_one_open_call_back_per_citizen():
    state = asked_for()
    at(state, 61, e.Contact("web", "chat", ANY, citizen="carl"))
    assert code(state, 62, callback("twice", "web", citizen="anne")) == "bad_field"
    assert code(state, 62, callback("twice", "back")) == "not_now"
    assert code(state, 62, callback("twice", None, citizen="anne")) == "not_now"
    at(state, 63, callback("carls", "web"))
    at(state, 64, e.Gone("back"), callback("again", None, citizen="anne"))
    assert set(state.callbacks) == {"anne", "carl"}


def test_call_backs_that_take_nobody_s_place_are_the_protocol_s_own():
    state = State()
    at(state, 0, callback("c1", None, citizen="anne"), callback("c2", None, citizen="anne"))
    at(state, 1, call("c3"))
    assert [state.contacts[name].state for name in ("c1", "c2", "c3")] == ["waiting"] * 3
    assert state.contacts["c3"].rank == 1 * SECOND


@pytest.mark.parametrize("channel", ["phone", "chat", "counter"])
def test_who_calls_again_takes_the_place_along_and_is_not_called_back(channel):
    state = thaw(freeze(asked_for()))
    told = at(state, 90, e.Contact("second", channel, ANY, citizen="anne"))
    assert told == [Replaced("back", "second", "called_again")]
    second, back = state.contacts["second"], state.contacts["back"]
    assert (second.arrived_at, second.rank) == (1 * SECOND, -119 * SECOND)
    assert (back.state, back.reason) == ("gone", "called_again")
    assert state.callbacks == {}


def test_a_mail_or_somebody_else_cancels_nothing():
    state = asked_for()
    at(state, 90, e.Contact("mail", "email", ANY, citizen="anne"))
    at(state, 90, e.Contact("bob", "phone", ANY, citizen="bob"), e.Contact("who", "phone", ANY))
    assert state.contacts["back"].state == "waiting"


def test_who_is_being_rung_already_is_not_taken_from_the_agent():
    state = asked_for()
    at(state, 61, e.Agent("a", "ready", skills={}), e.Answer("o1", "back", "a", "accepted"))
    at(state, 90, call("second"))
    assert state.contacts["back"].state == "connected"
    assert state.contacts["second"].rank == 90 * SECOND


def test_a_lost_call_is_called_back_once_and_is_lost_no_longer():
    state = State()
    at(state, 1, call("first"), e.Gone("first", "lost"))
    at(state, 60, callback("back", "first"))
    assert (state.contacts["first"].reason, state.contacts["back"].arrived_at) == ("callback", 1 * SECOND)
    assert code(state, 61, callback("twice", "first")) == "not_now"
    assert state.counts.gone == 1


def test_a_lost_call_back_found_again_does_not_make_two():
    state = asked_for()
    at(state, 61, e.Gone("back", "lost"), callback("again", None, citizen="anne"))
    assert code(state, 62, e.Found("back", "waiting")) == "not_now"


@pytest.mark.parametrize(
    ("wrong", "event"),
    [
        ("unknown_contact", callback("x", "nobody")),
        ("bad_field", e.Contact("x", "phone", ANY, after="first")),
        ("not_now", callback("x", "served")),
        ("not_now", callback("x", "fallback")),
    ],
)
def test_a_place_that_cannot_be_taken(wrong, event):
    state = State()
    at(state, 0, call("fallback"), e.Gone("fallback", "fallback"))
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("served", "phone", ANY))
    at(state, 1, e.Answer("o1", "served", "a", "accepted"), e.Contact("first", "phone", ANY))
    assert code(state, 2, event) == wrong


def test_what_a_call_back_says_itself_goes_before_what_the_call_said():
    state = State()
    at(state, 1, e.Contact("first", "phone", ANY, topic="housing", language="fr"))
    at(state, 2, callback("back", "first", topic="tax", language="en", citizen="anne"))
    back = state.contacts["back"]
    assert (back.citizen, back.topic, back.language) == ("anne", "tax", "en")


def test_who_was_served_and_waits_or_left_after_a_transfer_has_no_place_to_give():
    state = State()
    at(state, 1, e.Agent("a", "ready", skills={}), call("first"), e.Answer("o1", "first", "a", "accepted"))
    at(state, 2, e.Again("first", ({"x": 1},)))
    assert code(state, 3, callback("back", "first")) == "not_now"
    at(state, 3, e.Gone("first"))
    assert code(state, 4, callback("back", "first")) == "not_now"
