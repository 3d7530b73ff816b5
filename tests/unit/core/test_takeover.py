"""What a takeover, a clock jump, a poison event and another policy do to the state."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from router.core import events as e
from router.core.diagram import page
from router.core.effects import Confirm, Divert, Offer, SetAway, Withdraw
from router.core.policy import SECOND, AgentRules, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from router.core.why import explain
from tests.unit.core.test_matching import ANY, at, offers


def offered(via: str = "") -> State:
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, via=via))
    return state


def test_an_offer_unanswered_across_a_takeover_is_unknown_not_missed():
    state = offered()
    at(state, 14, e.Takeover(2))
    expired = at(state, 29, e.Tick())
    assert [x.because for x in expired if isinstance(x, Withdraw)] == ["expired"]
    assert state.agents["a"].misses == 0
    assert offers(expired) == [("c", "a")]  # no refusal is held against the agent


def test_gateways_are_asked_what_is_true_of_their_contacts():
    state = offered(via="phone")
    assert at(state, 1, e.Takeover(2)) == [Confirm("c", "phone")]


def test_a_jump_of_the_clock_moves_deadlines():
    state = offered()
    at(state, 10, e.Shift(5 * SECOND))
    assert at(state, 19, e.Tick()) == []
    assert state.wake() == 20 * SECOND


def test_poison_puts_the_contact_aside_and_frees_the_agent():
    state = offered()
    at(state, 1, e.Refused("poison", "c"))
    assert state.contacts["c"].aside
    assert state.contacts["c"].state == "waiting"
    assert offers(at(state, 2, e.Contact("d", "phone", ANY))) == [("d", "a")]
    at(state, 3, e.Gone("c"))
    assert state.contacts["c"].state == "gone"


def test_another_policy_gives_an_agent_who_is_there_their_new_skills():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 1}), e.Contact("c", "phone", ({"y": 1},)))
    policy = Policy(agents={"a": AgentRules({"y": 5})})
    assert offers(at(state, 1, e.Config(policy, "h"))) == [("c", "a")]


def test_so_many_misses_in_a_row_set_an_agent_away_where_configured():
    state = State()
    at(state, 0, e.Config(Policy(away_after_misses=1), "h"))
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    effects = at(state, 15, e.Tick())
    assert SetAway("a", "missed") in effects
    assert not [x for x in effects if isinstance(x, Offer)]


def test_nobody_waits_for_a_preferred_agent_who_was_set_away():
    state = State()
    skilled = {"x": 1}
    at(state, 0, e.Config(Policy(away_after_misses=1), "h"), e.Agent("b", "ready", skills=skilled))
    at(state, 0, e.Contact("c", "phone", (skilled,)), e.Agent("a", "ready", skills={}))
    assert offers(at(state, 1, e.Contact("d", "phone", ANY, prefers=("b",)))) == []
    assert offers(at(state, 15, e.Tick())) == [("d", "a")]


def test_a_leg_not_confirmed_is_still_awaited_after_a_thaw():
    state = offered(via="phone")
    effect = next(x.effect_id for x in at(state, 1, e.Gone("c")) if isinstance(x, Withdraw))
    twin = thaw(freeze(state))
    assert not step(twin, e.Outcome(effect, "done"), 2 * SECOND).duplicate
    assert step(twin, e.Outcome(effect, "done"), 2 * SECOND).duplicate


def test_the_drawn_lifecycles_are_those_of_the_tables():
    drawn = Path(__file__).parents[3] / "docs" / "reference" / "lifecycle.md"
    assert drawn.read_text() == page(), "run: python -m router.core.diagram > docs/reference/lifecycle.md"


def test_a_jump_of_the_clock_past_a_deadline_is_nobodys_miss():
    state = offered()
    effects = at(state, 75, e.Shift(75 * SECOND))  # the machine slept for more than the offer's whole life
    assert effects == []
    assert state.contacts["c"].state == "offered"
    assert state.agents["a"].misses == 0


def with_wrap_up(*channels: str) -> Policy:
    usual = Policy().channels
    return Policy(
        channels={n: replace(r, wrap_up=20 * SECOND) if n in channels else r for n, r in usual.items()}
    )


def accepted(state: State) -> None:
    at(state, 1, e.Answer(state.contacts["c"].offer or "", "c", "a", "accepted"))


def test_a_wrap_up_deadline_does_not_outlive_a_transfer():
    state = State()
    at(state, 0, e.Config(with_wrap_up("chat"), "h"), e.Agent("a", "ready", skills={}))
    at(state, 0, e.Contact("c", "chat", ANY))
    accepted(state)
    at(state, 2, e.Ended("c"), e.Agent("b", "ready", skills={}), e.Again("c", ANY, "phone"))
    offer = state.offers[state.contacts["c"].offer or ""]
    at(state, 3, e.Answer(offer.offer, "c", offer.agent, "accepted"))
    at(state, 30, e.Ended("c"))
    at(state, 60, e.Done("c", offer.agent))  # by the agent: phone has no wrap-up of its own here
    assert state.contacts["c"].state == "ended"
    assert state.wake() is None


def test_a_conversation_found_over_wraps_up_like_any_other():
    state = offered()
    at(state, 0, e.Config(with_wrap_up("phone"), "h"))
    accepted(state)
    at(state, 5, e.Found("c", "absent"))
    assert state.wake() == 25 * SECOND
    at(state, 25, e.Tick())
    assert state.agents["a"].hands == {}


def test_a_contact_put_aside_in_conversation_wraps_up_alike_after_a_thaw():
    state = offered()
    at(state, 0, e.Config(with_wrap_up("phone"), "h"))
    accepted(state)
    at(state, 2, e.Refused("poison", "c"))
    at(state, 5, e.Ended("c"))
    assert state.wake() == thaw(freeze(state)).wake() == 25 * SECOND


def test_a_caller_put_aside_is_handed_to_the_native_queue():
    state = offered(via="phone")
    assert Divert("c", "phone") in at(state, 1, e.Refused("poison", "c"))


def test_an_agent_whom_the_configuration_no_longer_names_is_logged_out():
    state = State()
    at(state, 0, e.Config(Policy(agents={"a": AgentRules({})}), "h"))
    at(state, 0, e.Agent("a", "ready", skills={}), e.Agent("guest", "ready", skills={}))
    at(state, 1, e.Config(Policy(), "h2"))
    assert (state.agents["a"].state, state.agents["a"].reason) == ("offline", "removed")
    assert state.agents["guest"].state == "ready"


def test_why_names_the_agent_of_the_bridge_that_was_found():
    state = offered()
    at(state, 1, e.Agent("b", "ready", skills={}), e.Found("c", "bridged", "b"))
    why = explain(state, state.contacts["c"])
    assert (why.agent, why.terms) == ("b", {})


def test_a_pause_that_was_over_when_the_clock_jumped_holds_nobody_up():
    state = offered()
    at(state, 1, e.Answer(state.contacts["c"].offer or "", "c", "a", "declined"))
    assert state.wake() == 31 * SECOND
    assert offers(at(state, 40, e.Shift(5 * SECOND))) == [("c", "a")]


def test_one_found_waiting_asks_for_no_more_than_their_wait_left_of_their_needs():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 1}), e.Agent("b", "ready", skills={}))
    at(state, 0, e.Contact("c", "phone", ({"x": 1},), relax=(e.Relax(5 * SECOND, ANY),)))
    accepted(state)
    at(state, 2, e.Agent("a", "away"))
    assert offers(at(state, 10, e.Found("c", "waiting"))) == [("c", "b")]


def test_a_bridge_with_an_agent_who_serves_another_is_not_believed():
    state = offered()
    accepted(state)
    at(state, 2, e.Contact("d", "phone", ANY))
    refusal = step(state, e.Found("d", "bridged", "a"), 3 * SECOND).refusal
    assert refusal is not None
    assert refusal.code == "not_now"
    assert state.contacts["d"].state == "waiting"
