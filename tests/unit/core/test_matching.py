"""Who is offered what, in small situations a reader can check by eye."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import events as e
from router.core import roster
from router.core.effects import Offer, Withdraw
from router.core.policy import SECOND, AgentRules, Policy
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal
        found += result.effects
    return found


def offers(effects):
    return [(x.contact, x.agent) for x in effects if isinstance(x, Offer)]


def accept(state: State, contact: str) -> e.Answer:
    offer = state.offers[state.contacts[contact].offer]
    return e.Answer(offer.offer, contact, offer.agent, "accepted")


def test_an_agent_gets_as_many_chats_as_their_capacity_and_no_more():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}, capacity={"chat": 2}))
    made = at(state, 0, *(e.Contact(f"c{n}", "chat", ANY) for n in range(4)))
    assert offers(made) == [("c0", "a"), ("c1", "a")]


def test_capacity_zero_closes_a_channel():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}, capacity={"phone": 0}))
    assert offers(at(state, 0, e.Contact("c", "phone", ANY))) == []


def test_a_phone_call_needs_empty_hands_and_blocks_everything():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("chat", "chat", ANY))
    assert offers(at(state, 1, e.Contact("call", "phone", ANY))) == []
    at(state, 2, accept(state, "chat"), e.Ended("chat"))
    assert offers(at(state, 3, e.Done("chat", "a"))) == [("call", "a")]
    assert offers(at(state, 4, e.Contact("chat2", "chat", ANY))) == []


def test_two_agents_come_free_at_once_and_nobody_is_overtaken():
    """a refused c0 and would take c1, whom b suits best; but b must take c0, who came first (law 5)."""
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 1}), e.Contact("c0", "phone", ({"x": 1},)))
    at(state, 1, e.Answer("o1", "c0", "a", "declined"), e.Agent("a", "ready", capacity={"phone": 0}))
    at(state, 2, e.Contact("c1", "phone", ({"x": 1},)))
    at(state, 3, e.Agent("b", "ready", skills={"x": 9}, capacity={"phone": 0}))
    both = Policy(agents={"a": AgentRules({"x": 1}), "b": AgentRules({"x": 9})})
    assert offers(at(state, 100, e.Config(both, "h"))) == [("c0", "b"), ("c1", "a")]


def test_who_declined_is_passed_over_while_another_can():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 5}), e.Agent("b", "ready", skills={"x": 1}))
    assert offers(at(state, 0, e.Contact("c", "phone", ({"x": 1},)))) == [("c", "a")]
    assert offers(at(state, 1, e.Answer("o1", "c", "a", "declined"))) == [("c", "b")]
    assert "a" in state.contacts["c"].refusals


def test_a_lone_refuser_is_asked_again_after_the_pause_and_not_before():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    assert offers(at(state, 1, e.Answer("o1", "c", "a", "declined"))) == []
    assert state.wake() == 31 * SECOND
    assert offers(at(state, 30.9, e.Tick())) == []
    assert offers(at(state, 31, e.Tick())) == [("c", "a")]


def test_a_preferred_agent_is_waited_for_only_while_present():
    state = State()
    at(
        state,
        0,
        e.Agent("p", "ready", skills={}),
        e.Agent("q", "away", skills={}),
        e.Contact("x", "phone", ANY),
    )
    at(state, 1, accept(state, "x"), e.Agent("q", "ready"))
    assert offers(at(state, 2, e.Contact("c", "phone", ANY, prefers=("p",)))) == []
    assert offers(at(state, 3, e.Agent("p", "away"))) == [("c", "q")]


def test_a_preferred_agent_is_not_waited_for_longer_than_said():
    state = State()
    at(
        state,
        0,
        e.Agent("p", "ready", skills={}),
        e.Agent("q", "away", skills={}),
        e.Contact("x", "phone", ANY),
    )
    at(state, 1, accept(state, "x"), e.Agent("q", "ready"))
    at(state, 2, e.Contact("c", "phone", ANY, prefers=("p",), prefers_for=10 * SECOND))
    assert offers(at(state, 12, e.Tick())) == [("c", "q")]


def test_the_vulnerable_come_first_within_the_bound():
    state = State()
    at(state, 0, e.Contact("early", "phone", ANY))
    at(state, 100, e.Contact("fragile", "phone", ANY, vulnerable=True))
    at(state, 130, e.Contact("late", "phone", ANY, vulnerable=True))
    ready = at(state, 200, e.Agent("a", "ready", skills={}))
    assert offers(ready) == [("fragile", "a")]  # rank -20 s, before 0 s and 10 s


def test_a_bridge_that_proves_us_wrong_is_adopted_and_nobody_else_may_ring_that_agent():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, via="phone"))
    at(state, 15, e.Tick())  # the offer expired; a's leg is not yet known to be ended
    at(state, 21, e.Contact("d", "phone", ANY, via="phone"))
    assert state.contacts["d"].state == "offered"
    adopted = at(state, 22, e.Found("c", "bridged", "a"))
    assert [(x.contact, x.because) for x in adopted if isinstance(x, Withdraw)] == [("d", "preempted")]
    assert state.contacts["c"].state == "connected"
    assert state.contacts["d"].state == "waiting"
    assert list(state.agents["a"].hands) == ["c"]


def test_an_agent_is_not_rung_again_before_the_former_leg_is_known_to_be_ended():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, via="phone"))
    gone = at(state, 1, e.Gone("c"))
    effect = next(x.effect_id for x in gone if isinstance(x, Withdraw))
    assert offers(at(state, 1, e.Contact("d", "phone", ANY))) == []
    assert offers(at(state, 2, e.Outcome(effect, "done"))) == [("d", "a")]


def test_a_leg_nobody_ends_blocks_its_agent_no_longer_than_the_backstop():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, via="phone"))
    at(state, 1, e.Gone("c"), e.Contact("d", "phone", ANY))
    assert offers(at(state, 6, e.Tick())) == [("d", "a")]


@pytest.mark.parametrize(("occupied", "second"), [(0, "a"), (2_000, "b")])
def test_a_second_chat_goes_beside_the_first_unless_the_least_occupied_is_asked_for(occupied, second):
    state = State()
    state.policy = replace(Policy(), weights=replace(Policy().weights, occupied=occupied))
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c0", "chat", ANY))
    at(state, 1, accept(state, "c0"), e.Agent("b", "ready", skills={}))
    assert offers(at(state, 2, e.Contact("c1", "chat", ANY))) == [("c1", second)]


def test_another_policys_room_is_used_at_once():
    state = State()
    usual = Policy().channels
    one = Policy(channels={**usual, "chat": replace(usual["chat"], capacity=1)})
    at(state, 0, e.Config(one, "h"), e.Agent("a", "ready", skills={}))
    at(state, 1, e.Contact("c", "chat", ANY), e.Contact("d", "chat", ANY))
    assert offers(at(state, 2, e.Config(Policy(), "h2"))) == [("d", "a")]


def test_indexes_are_few_however_many_kinds_are_asked_for(monkeypatch):
    monkeypatch.setattr(roster, "INDEXES_MAX", 3)
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"y": 1}))
    for number in range(9):
        at(state, number, e.Contact(f"c{number}", "phone", ({f"x{number}": 1},)))
    assert len(state.roster._indexes) == 3
    at(state, 20, e.Agent("b", "ready", skills={"x0": 1}))
    assert state.contacts["c0"].state == "offered"


def test_an_index_is_cleared_of_those_who_are_taken(monkeypatch):
    monkeypatch.setattr(roster, "STALE_MIN", 2)
    state = State()
    at(state, 0, e.Agent("best", "ready", skills={"x": 9}))
    for number in range(40):
        at(state, number, e.Agent("low", "ready", skills={"x": 1 + number % 2}))  # another each time
        contact = f"c{number}"
        assert offers(at(state, number, e.Contact(contact, "phone", ({"x": 1},)))) == [(contact, "best")]
        at(state, number, accept(state, contact), e.Ended(contact), e.Done(contact, "best"))
    (index,) = state.roster._indexes.values()
    assert len(index.idle) <= 2 + 2 * 2 + 2
