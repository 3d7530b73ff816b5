"""The agent who served a citizen last is preferred, where the policy says for how long."""

from __future__ import annotations

from hypothesis import given, settings

from router.core import events as e
from router.core.continuity import last_agent
from router.core.digest import digest
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.policy import SECOND, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from tests.property.test_core_laws import play
from tests.property.test_places import streams

ANY: e.Needs = ({},)


def at(state: State, seconds: float, *events: e.Event):
    """The offers of these events at this second; the state is sound after each."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        assert digest(state) == digest(thaw(freeze(state))), event
        found += result.effects
    return [(x.contact, x.agent) for x in found if isinstance(x, Offer)]


def call(name: str, **fields) -> e.Contact:
    return e.Contact(name, "phone", ANY, citizen="anne", **fields)


def served_by_a(**rules: int) -> State:
    """anne talked with a; then b, who would be chosen today, comes."""
    state = State()
    state.policy = Policy(**rules)  # type: ignore[arg-type]
    at(state, 0, e.Agent("a", "ready", skills={"rare": 9}), call("first"))
    at(state, 1, e.Answer("o1", "first", "a", "accepted"), e.Ended("first"), e.Done("first", "a"))
    at(state, 2, e.Agent("b", "ready", skills={}))
    return state


def test_nobody_is_preferred_unless_the_policy_says_so():
    assert at(served_by_a(), 3, call("again")) == [("again", "b")]


def test_who_served_the_citizen_last_is_preferred_also_after_a_restart():
    assert at(thaw(freeze(served_by_a(last_agent_for=20 * SECOND))), 3, call("again")) == [("again", "a")]


def test_the_agent_is_waited_for_no_longer_than_said():
    state = served_by_a(last_agent_for=20 * SECOND)
    at(state, 3, e.Contact("other", "phone", ANY, prefers=("a",)), e.Answer("o2", "other", "a", "accepted"))
    assert at(state, 4, call("again")) == []
    assert at(state, 24, e.Tick()) == [("again", "b")]


def test_whom_a_contact_names_itself_goes_before():
    state = served_by_a(last_agent_for=20 * SECOND)
    assert at(state, 3, call("named", prefers=("b",)), call("direct", direct="a")) == [
        ("named", "b"), ("direct", "a"),
    ]  # fmt: skip
    assert state.contacts["direct"].direct is not None


def test_somebody_else_or_nobody_in_particular_has_no_last_agent():
    state = served_by_a(last_agent_for=20 * SECOND)
    assert at(state, 3, e.Contact("bob", "phone", ANY, citizen="bob")) == [("bob", "b")]
    at(state, 4, e.Contact("who", "phone", ANY))
    assert state.contacts["who"].prefers == ()


def test_the_last_conversation_counts_and_is_forgotten_with_its_contact():
    state = served_by_a(last_agent_for=20 * SECOND, forget_after=60 * SECOND)
    at(state, 30, call("second", prefers=("b",)), e.Answer("o2", "second", "b", "accepted"))
    assert last_agent(state, "anne") == "b"
    at(state, 31, e.Again("second", ({"rare": 1},)))
    assert last_agent(state, "anne") == "a"  # for the one she waits for now is not known yet
    at(state, 70, e.Tick())
    assert (last_agent(state, "anne"), state.served) == (None, {})


@given(streams)
@settings(max_examples=40, deadline=None)
def test_what_is_kept_is_what_the_records_say(stream):
    state = State()
    state.policy = Policy(last_agent_for=30 * SECOND, forget_after=60 * SECOND)
    play(state, stream)
    assert thaw(freeze(state)).served == state.served
