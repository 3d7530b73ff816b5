"""What is known to be done to a conversation: held, recorded. It is in the state, so a restart keeps it."""

from __future__ import annotations

import pytest

from router.core.events import Agent, Answer, Contact, Control, Ended, Outcome
from router.core.invariants import broken
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step


def talking() -> State:
    """c1 of the phone, in conversation with a1."""
    state = State()
    events = (
        Agent("a1", "ready", skills={}, capacity={"phone": 1}),
        Contact("c1", "phone", ({},), via="phone"),
        Answer("o1", "c1", "a1", "accepted"),
    )
    for at, event in enumerate(events):
        assert step(state, event, at).refusal is None
    return state


def do(state: State, what: str, result: str = "done") -> tuple[bool, str]:
    asked = step(state, Control("c1", what, "a1", "desk"), state.now + 1)  # type: ignore[arg-type]
    effect = asked.effects[0].effect_id  # type: ignore[union-attr]
    assert not step(state, Outcome(effect, result), state.now + 1).duplicate  # type: ignore[arg-type]
    assert broken(state) == []
    return state.contacts["c1"].held, state.contacts["c1"].recording


def test_held_and_recorded_as_it_was_done() -> None:
    state = talking()
    assert do(state, "hold") == (True, "")
    assert do(state, "record") == (True, "on")
    assert do(state, "pause") == (True, "paused")
    assert do(thaw(freeze(state)), "unhold") == (False, "paused")
    assert do(state, "resume") == (True, "on")
    assert do(state, "stop") == (True, "")


@pytest.mark.parametrize("result", ["failed", "unknown"])
def test_what_was_not_done_changes_nothing(result: str) -> None:
    state = talking()
    assert do(state, "hold", result) == (False, "")
    assert do(state, "listen") == (False, "")


def test_nothing_is_held_once_the_conversation_is_over() -> None:
    state = talking()
    do(state, "hold")
    do(state, "record")
    step(state, Ended("c1"), state.now + 1)
    assert (state.contacts["c1"].held, state.contacts["c1"].recording) == (False, "")
    assert broken(state) == []
