"""A gateway that is down, an agent's own phone, and a medium that died: what the core makes of them."""

from __future__ import annotations

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Confirm, Offer, Withdraw
from router.core.invariants import broken
from router.core.policy import SECOND
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from router.core.why import explain
from tests.unit.core.test_matching import ANY, accept, at, offers

UP, DOWN = e.Gateway("pbx", "up"), e.Gateway("pbx", "down")


def call(name: str, **more: object) -> e.Contact:
    return e.Contact(name, "phone", ANY, via="pbx", **more)  # type: ignore[arg-type]


def staffed(*agents: str) -> State:
    state = State()
    at(state, 0, *(e.Agent(name, "ready", skills={}) for name in agents or ("a",)))
    return state


def refusal(state: State, seconds: float, event: e.Event) -> str:
    result = step(state, event, round(seconds * SECOND))
    assert result.refusal is not None, event
    return result.refusal.message


def test_nobody_is_rung_for_a_call_whose_gateway_is_down_and_it_keeps_its_place():
    state = staffed()
    at(state, 0, DOWN)
    assert offers(at(state, 1, call("first"), call("second"))) == []
    assert state.lines.ahead("phone") == 0
    profile = explain(state, state.contacts["first"]).profiles[0]
    assert profile.excluded == {"gateway_down": 1}
    assert offers(at(state, 9, UP)) == [("first", "a")]


def test_other_gateways_contacts_go_on_meanwhile():
    state = staffed()
    at(state, 0, DOWN, call("c"))
    assert offers(at(state, 1, e.Contact("d", "phone", ANY, via="other"))) == [("d", "a")]


def test_a_waiting_call_leaves_the_line_and_comes_back_to_it():
    state = State()
    at(state, 0, UP, call("c"))
    at(state, 1, DOWN)
    assert broken(state) == []
    assert offers(at(state, 2, e.Agent("a", "ready", skills={}))) == []
    assert offers(at(thaw(freeze(state)), 3, UP)) == offers(at(state, 3, UP)) == [("c", "a")]


def test_an_offer_whose_gateway_was_down_and_that_expires_is_nobodys_miss():
    state = staffed()
    at(state, 0, UP, call("c"))
    at(state, 1, DOWN)
    expired = at(state, 15, e.Tick())
    assert [x.because for x in expired if isinstance(x, Withdraw)] == ["expired"]
    assert state.agents["a"].misses == 0
    assert offers(at(state, 21, UP)) == [("c", "a")]  # and no refusal is held against the agent


def test_steps_of_relaxation_that_fell_due_meanwhile_are_made_up_for():
    state = staffed()
    relax = (e.Relax(5 * SECOND, ANY),)
    at(state, 0, UP, e.Contact("c", "phone", ({"rare": 1},), via="pbx", relax=relax), DOWN)
    assert state.wake() is None
    assert offers(at(state, 60, UP)) == [("c", "a")]


def test_a_takeover_takes_every_known_gateway_for_down_until_it_says_up():
    state = staffed()
    at(state, 0, UP, e.Device("a", "pbx", "busy"), call("c"))
    assert at(state, 1, e.Takeover(2)) == [Confirm("c", "pbx")]
    assert state.gateways == {"pbx": "down"}
    assert state.agents["a"].devices == {}  # told anew by the gateway, before it says up
    assert offers(at(state, 2, UP)) == [("c", "a")]


def test_a_gateway_that_never_says_so_is_trusted_to_be_there():
    state = staffed()
    at(state, 0, e.Takeover(2))
    assert offers(at(state, 1, call("c"), call("waits"))) == [("c", "a")]
    at(state, 2, UP)  # heard of for the first time: nothing joins a line twice
    assert broken(state) == []


def test_the_same_word_again_is_a_double():
    state = staffed()
    at(state, 0, UP, e.Device("a", "pbx", "busy"))
    assert step(state, UP, 1).duplicate
    assert step(state, e.Device("a", "pbx", "busy"), 1).duplicate


def test_an_agent_in_a_call_of_their_own_gets_no_exclusive_contact_but_chats():
    state = staffed()
    at(state, 0, e.Device("a", "pbx", "busy"))
    assert offers(at(state, 1, call("c"), e.Contact("m", "email", ANY))) == []
    assert explain(state, state.contacts["m"]).profiles[0].excluded == {"own_call": 1}
    assert offers(at(state, 2, e.Contact("chat", "chat", ANY))) == [("chat", "a")]
    at(state, 3, accept(state, "chat"), e.Ended("chat"), e.Done("chat", "a"))
    assert offers(at(state, 4, e.Device("a", "pbx", "free"))) == [("c", "a")]


def test_an_unreachable_phone_is_rung_by_its_gateway_for_nobody():
    state = staffed("a", "b")
    at(state, 0, e.Device("a", "pbx", "unreachable"))
    assert offers(at(state, 0, call("c1"), call("c2"))) == [("c1", "b")]
    assert explain(state, state.contacts["c2"]).profiles[0].excluded == {"unreachable": 1, "busy": 1}
    assert offers(at(state, 1, e.Contact("m", "email", ANY, via="mail"))) == [("m", "a")]
    assert offers(at(state, 2, accept(state, "m"), e.Ended("m"), e.Done("m", "a"))) == []
    assert offers(at(state, 3, e.Device("a", "pbx", "free"))) == [("c2", "a")]


def test_what_a_gateway_saw_of_phones_is_forgotten_with_it():
    state = staffed()
    at(state, 0, UP, e.Device("a", "pbx", "busy"), e.Contact("m", "email", ANY))
    assert offers(at(state, 1, DOWN)) == [("m", "a")]


def test_nobody_waits_for_a_preferred_agent_whose_phone_is_not_there():
    state = staffed("a", "b")
    at(state, 0, e.Agent("b", "away"))
    at(state, 0, e.Device("b", "pbx", "unreachable"), e.Agent("b", "ready"))
    assert offers(at(state, 1, call("c", prefers=("b",)))) == [("c", "a")]


def test_a_refusal_gives_way_where_the_only_other_agent_cannot_be_reached():
    state = staffed("a", "b")
    at(state, 0, e.Device("b", "pbx", "unreachable"), call("c"))
    offer = state.contacts["c"].offer or ""
    at(state, 1, e.Answer(offer, "c", "a", "missed", "silent"))
    assert offers(at(state, 31, e.Tick())) == [("c", "a")]


def test_a_device_of_nobody_is_refused():
    assert "nobody" in refusal(State(), 0, e.Device("nobody", "pbx", "busy"))


def test_a_caller_whose_medium_died_is_listed_with_their_rank():
    state = staffed()
    at(state, 0, call("talks"), call("waits"))
    at(state, 1, accept(state, "talks"))
    at(state, 2, e.Found("waits", "lost"), e.Found("talks", "lost"))
    waits = state.contacts["waits"]
    assert (waits.state, waits.reason, waits.rank) == ("gone", "lost", 0)
    assert state.contacts["talks"].state == "wrap_up"


def test_a_caller_the_native_queue_held_comes_back_at_their_rank():
    state = State()
    at(state, 0, call("early"), e.Gone("early", "fallback"))
    at(state, 5, call("late"))
    at(state, 9, e.Found("early", "waiting"))
    assert state.contacts["early"].reason == ""
    assert offers(at(state, 10, e.Agent("a", "ready", skills={}))) == [("early", "a")]


def test_one_who_came_back_asks_for_no_more_than_their_wait_left_of_their_needs():
    state = staffed()
    at(state, 0, e.Contact("c", "phone", ({"rare": 1},), via="pbx", relax=(e.Relax(5 * SECOND, ANY),)))
    at(state, 1, e.Gone("c", "fallback"))
    assert offers(at(state, 9, e.Found("c", "waiting"))) == [("c", "a")]


def test_one_who_left_is_not_found_waiting():
    state = State()
    at(state, 0, call("c"), e.Gone("c", "left"))
    assert refusal(state, 1, e.Found("c", "waiting")) == "contact c is gone"


def test_one_who_left_twice_is_kept_from_the_second_time_on():
    state = State()
    at(state, 0, call("c"), e.Gone("c", "lost"), e.Found("c", "waiting"))
    at(state, 86_400, e.Tick())  # found in the very instant they were lost: still there
    assert state.contacts["c"].state == "waiting"
    at(state, 86_401, e.Gone("c", "lost"))
    at(state, 86_402, e.Found("c", "waiting"), e.Gone("c", "left"))
    at(state, 86_401 + 86_400, e.Tick())
    assert "c" in state.contacts
    at(state, 86_402 + 86_400, e.Tick())
    assert state.contacts == {}


def test_one_who_came_back_is_not_forgotten_with_those_who_left():
    state = State()
    at(state, 0, call("c"), e.Gone("c", "lost"))
    at(state, 5, e.Found("c", "waiting"))
    at(state, 100_000, e.Tick())  # past `forget_after` of the first end
    assert state.contacts["c"].state == "waiting"
    at(state, 100_001, e.Gone("c", "left"))
    twin = thaw(freeze(state))
    for each in (state, twin):
        at(each, 200_000, e.Tick())
        assert each.contacts == {}
    assert digest(state) == digest(twin)


def test_a_gateway_down_is_under_the_digest():
    one, other = staffed(), staffed()
    at(one, 0, UP)
    at(other, 0, DOWN)
    assert digest(one) != digest(other)


def test_offers_resume_in_order_of_rank():
    state = staffed("a", "b")
    at(state, 0, DOWN, call("c1"), call("c2"), call("c3"))
    made = [x for x in at(state, 1, UP) if isinstance(x, Offer)]
    assert [x.contact for x in made] == ["c1", "c2"]
