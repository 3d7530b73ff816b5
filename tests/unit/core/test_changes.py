"""What would have changed a decision, where the step is itself about the agent in question."""

from __future__ import annotations

from router.core import events as e
from router.core.change import Change, moment, outcome
from router.core.changes import changes
from router.core.policy import SECOND
from router.core.state import State
from router.core.step import step

WANTED: e.Needs = ({"x": 5},)


def told(*before: e.Event, event: e.Event) -> list[Change]:
    """Of the contact `c`, in the step of this event."""
    state = State()
    for each in before:
        assert step(state, each, 0).refusal is None
    seen = moment(state, event, SECOND)
    found = list(changes(seen, "c"))
    assert all(outcome(seen, "c", change) == change.result for change in found)
    return found


def test_an_agent_who_logs_in_for_the_first_time_lacking_a_level():
    found = told(e.Contact("c", "phone", WANTED), event=e.Agent("a", "ready", skills={"x": 3}))
    assert Change("skill", agent="a", skill="x", level=5, was=3, result="a") in found


def test_an_agent_who_says_what_they_can_do():
    found = told(
        e.Agent("a", "ready", skills={"x": 1}),
        e.Contact("c", "phone", WANTED),
        event=e.Agent("a", "ready", skills={"x": 3}),
    )
    assert Change("skill", agent="a", skill="x", level=5, was=3, result="a") in found


def test_an_agent_who_goes_on_a_break_before_they_were_known():
    found = told(e.Contact("c", "phone", WANTED), event=e.Agent("a", "away", skills={"x": 5}))
    assert found == [Change("ready", agent="a", result="a")]
