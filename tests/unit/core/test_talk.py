"""Within a conversation: colleagues asked, controls, transfers to a person."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.effects import Consult, Offer, Perform, Release
from router.core.invariants import broken
from router.core.policy import SECOND
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from tests.unit.core.test_gateways import DOWN, UP, call, refusal, staffed
from tests.unit.core.test_matching import ANY, accept, at, offers


def talking(*others: str) -> State:
    """`c` talks to `a` from second 1 on; the others are free."""
    state = staffed("a")
    at(state, 0, UP, call("c"))
    at(state, 1, accept(state, "c"), *(e.Agent(name, "ready", skills={}) for name in others))
    return state


def test_a_colleague_is_rung_and_kept_for_it():
    state = talking("b")
    assert at(state, 2, e.Consult("c", "b")) == [Consult("c", "a", "b", "pbx", "e1")]
    assert offers(at(state, 3, call("d"))) == []
    assert state.agents["b"].hands == {"c": "phone"}
    assert broken(state) == []


@pytest.mark.parametrize("result", ["failed", "over"])
def test_a_colleague_who_fails_or_is_done_is_free_again(result):
    state = talking("b")
    at(state, 2, e.Consult("c", "b"), call("d"))
    assert offers(at(state, 3, e.Consulted("c", "b", result))) == [("d", "b")]
    assert state.contacts["c"].second is None


@pytest.mark.parametrize("result", ["answered", "joined"])
def test_a_colleague_who_talks_stays(result):
    state = talking("b")
    at(state, 2, e.Consult("c", "b"), e.Consulted("c", "b", result))
    assert step(state, e.Consulted("c", "b", "answered"), 2 * SECOND).duplicate
    at(state, 60, e.Tick())
    assert state.contacts["c"].second == "b"
    assert state.wake() is None


def test_a_colleague_nobody_heard_of_is_free_once_the_leg_is_known_to_be_ended():
    state = talking("b")
    at(state, 2, e.Consult("c", "b"), call("d"))
    twin = thaw(freeze(state))
    assert state.wake() == twin.wake() == 22 * SECOND  # the offer's life and the backstop
    assert at(state, 22, e.Tick()) == at(twin, 22, e.Tick()) == [Release("c", "b", "pbx", "e2")]
    assert offers(at(state, 23, e.Outcome("e2", "done"))) == [("d", "b")]
    assert "not asked" in refusal(state, 24, e.Consulted("c", "b", "answered"))


def test_an_answer_after_the_core_gave_up_is_late_even_if_no_tick_came_between():
    state = talking("b")
    at(state, 2, e.Consult("c", "b"))
    assert "not asked" in refusal(state, 22, e.Consulted("c", "b", "answered"))
    assert "no second" in refusal(state, 22, e.Control("c", "complete"))
    assert "is with a" in refusal(state, 22, e.Found("c", "bridged", "b"))


def test_a_jump_of_the_clock_is_not_held_against_a_colleague():
    state = talking("b")
    at(state, 2, e.Consult("c", "b"))
    at(state, 60, e.Shift(58 * SECOND))
    assert state.contacts["c"].second == "b"
    assert state.wake() == 80 * SECOND


def test_the_conversation_goes_on_with_the_colleague():
    state = talking("b")
    at(state, 2, e.Consult("c", "b"), e.Consulted("c", "b", "answered"), call("d"))
    done = at(state, 3, e.Control("c", "complete", by="a"))
    assert done == [Perform("c", "complete", "a", "pbx", "e2", "b")]
    assert offers(at(state, 4, e.Found("c", "bridged", "b"))) == [("d", "a")]
    contact = state.contacts["c"]
    assert (contact.state, contact.agent, contact.second) == ("connected", "b", None)
    assert not step(state, e.Outcome("e2", "done"), 4 * SECOND).duplicate
    assert step(state, e.Found("c", "bridged", "b"), 5 * SECOND).duplicate
    at(state, 6, e.Ended("c", "b"))
    assert broken(state) == []


@pytest.mark.parametrize("event", [e.Ended("c"), e.Found("c", "waiting"), e.Found("c", "lost")])
def test_the_end_of_the_conversation_frees_the_colleague(event):
    state = talking("b")
    at(state, 2, e.Consult("c", "b"))
    at(state, 3, event)
    assert "c" not in state.agents["b"].hands or state.contacts["c"].state == "offered"
    assert state.contacts["c"].second is None
    assert broken(state) == []


def test_asking_twice_is_a_double_and_asking_anew_after_a_failure_is_not():
    state = talking("b")
    at(state, 2, e.Consult("c", "b"))
    assert step(state, e.Consult("c", "b"), 2 * SECOND).duplicate
    at(state, 3, e.Consulted("c", "b", "failed"))
    assert step(state, e.Consulted("c", "b", "failed"), 3 * SECOND).duplicate
    at(state, 4, e.Consult("c", "b"), e.Consulted("c", "b", "failed"))
    assert state.contacts["c"].second is None


def test_who_cannot_be_asked():
    state = talking("b", "away", "deaf", "third")
    at(state, 1, e.Agent("away", "away"), e.Device("deaf", "pbx", "unreachable"))
    for second, why in (("a", "itself"), ("away", "no room"), ("deaf", "no room"), ("nobody", "known")):
        assert why in refusal(state, 2, e.Consult("c", second))
    at(state, 2, e.Consult("c", "b"))
    assert "second already" in refusal(state, 3, e.Consult("c", "third"))
    assert "complete or take back" in refusal(state, 3, e.Again("c", ANY))


def test_nothing_is_asked_of_a_gateway_that_is_down_or_of_none():
    state = talking("b")
    at(state, 2, e.Contact("chat", "chat", ANY))
    at(state, 2, accept(state, "chat"), DOWN)
    for event in (e.Consult("c", "b"), e.Control("c", "hold"), e.Again("c", ANY)):
        assert refusal(state, 3, event) == "the gateway pbx is down"
    assert "no gateway" in refusal(state, 3, e.Control("chat", "hold"))


def test_a_control_is_performed_and_its_outcome_is_on_record():
    state = talking()
    spied = at(state, 2, e.Control("c", "listen", by="s", value="sup"))
    assert spied == [Perform("c", "listen", "a", "pbx", "e1", value="sup")]
    assert not step(thaw(freeze(state)), e.Outcome("e1", "failed", "gone"), 3 * SECOND).duplicate
    assert not step(state, e.Outcome("e1", "failed", "gone"), 3 * SECOND).duplicate
    assert step(state, e.Outcome("e1", "failed", "gone"), 3 * SECOND).duplicate
    assert state.contacts["c"].controls == {}


def test_controls_need_a_conversation_a_second_and_a_phone_to_listen_with():
    state = talking()
    assert "no second" in refusal(state, 2, e.Control("c", "complete"))
    assert "value" in refusal(state, 2, e.Control("c", "whisper"))
    at(state, 3, e.Ended("c"))
    assert "not connected" in refusal(state, 4, e.Control("c", "hold"))


def test_outcomes_nobody_tells_do_not_pile_up():
    state = talking()
    for _ in range(40):
        at(state, 2, e.Control("c", "hold"))
    assert len(state.contacts["c"].controls) == len(state.controls) == 16
    at(state, 3, e.Ended("c"))
    assert state.controls == {}


def test_a_transfer_parts_the_two_and_blocks_the_agent_until_that_is_done():
    state = talking()
    effects = at(state, 2, e.Again("c", ANY), call("d"))
    assert effects == [Release("c", "a", "pbx", "e1")]
    assert offers(at(state, 3, e.Outcome("e1", "done"))) == [("d", "a")]


def test_a_leg_whose_end_nobody_confirmed_blocks_no_longer_than_the_backstop():
    state = talking()
    at(state, 2, e.Again("c", ANY), call("d"))
    assert offers(at(state, 7, e.Tick())) == [("d", "a")]


def test_a_transfer_from_wrap_up_has_no_leg_to_end():
    state = talking("b")
    at(state, 2, e.Ended("c"))
    assert [type(x) for x in at(state, 3, e.Again("c", ANY))] == [Offer]


def test_a_transfer_to_a_person_waits_for_them_and_then_goes_to_others():
    state = talking("b", "wanted")
    at(state, 1, e.Contact("busy", "phone", ANY, prefers=("wanted",)))
    at(state, 1, accept(state, "busy"))
    assert offers(at(state, 2, e.Again("c", ANY, prefers=("wanted",), prefers_for=20 * SECOND))) == []
    assert offers(at(thaw(freeze(state)), 3, e.Ended("busy"), e.Done("busy", "wanted"))) == [("c", "wanted")]
    assert offers(at(state, 22, e.Tick())) == [("c", "b")]
