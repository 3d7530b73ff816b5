"""Whoever is likely to wait long may be told of other channels, once; what they choose is recorded."""

from __future__ import annotations

import msgspec
from msgspec import structs

from router.core import events as e
from router.core.effects import Effect, Offer, Propose
from router.core.policy import SECOND, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step
from router.engine import Engine

TAX: e.Needs = ({"tax": 1},)


def say(state: State, at: float, event: e.Event) -> tuple[Effect, ...]:
    result = step(state, event, round(at * SECOND))
    assert result.refusal is None, result.refusal
    return result.effects


def proposals(effects: tuple[Effect, ...]) -> list[Propose]:
    return [effect for effect in effects if isinstance(effect, Propose)]


def centre(**policy: object) -> State:
    """One agent, who is talking; whoever comes waits some 300 s, five times their target."""
    state = State()
    state.policy = structs.replace(Policy(), **({"propose_to": ("callback", "email")} | policy))
    say(state, 0, e.Agent("a", "ready", skills={"tax": 5}))
    say(state, 0, e.Contact("c0", "phone", TAX))
    say(state, 0, e.Answer("o1", "c0", "a", "accepted"))
    return state


def refused(state: State, at: float, event: e.Event) -> str:
    result = step(state, event, round(at * SECOND))
    assert result.refusal is not None
    return f"{result.refusal.code}: {result.refusal.message}"


def test_nothing_is_proposed_unless_channels_are_configured() -> None:
    state = centre(propose_to=())
    assert proposals(say(state, 1, e.Contact("c1", "phone", TAX))) == []
    assert state.wake() is None


def test_who_is_likely_to_wait_long_is_told_on_arrival_with_the_waits() -> None:
    state = centre()
    (told,) = proposals(say(state, 1, e.Contact("c1", "phone", TAX)))
    assert [way.channel for way in told.channels] == ["callback", "email"]
    assert told.because == "long_wait"
    assert all(0 <= way.low <= way.likely <= way.high for way in told.channels)
    assert state.contacts["c1"].channel == "phone"  # nothing moved


def test_who_waits_longer_than_it_seemed_is_told_later_and_never_twice() -> None:
    state = centre(propose_past=700)
    assert proposals(say(state, 1, e.Contact("c1", "phone", TAX))) == []
    told = []
    for second in (61, 121, 181, 241, 301):
        assert state.wake() in (None, second * SECOND)
        told += proposals(say(state, second, e.Tick()))
    assert len(told) == 1
    assert state.wake() is None  # nobody asks again


def test_work_that_may_be_deferred_is_told_nothing() -> None:
    state = centre()
    assert proposals(say(state, 1, e.Contact("m", "email", TAX, due=3600 * SECOND))) == []
    assert proposals(say(state, 1, e.Contact("m2", "email", TAX))) == []


def test_channels_that_nobody_serves_are_not_proposed() -> None:
    state = centre()
    say(state, 1, e.Agent("a", "ready", capacity={"callback": 0, "email": 1}))
    (told,) = proposals(say(state, 2, e.Contact("c1", "phone", TAX)))
    assert [way.channel for way in told.channels] == ["email"]


def test_a_yes_moves_them_at_their_place() -> None:
    state = centre()
    say(state, 1, e.Contact("c1", "phone", TAX))
    say(state, 2, e.Contact("b1", "callback", TAX))
    rank = state.contacts["c1"].rank
    say(state, 3, e.Choice("c1", "callback", "accepted"))
    contact = state.contacts["c1"]
    assert (contact.channel, contact.rank, contact.choice) == ("callback", rank, "callback")
    say(state, 10, e.Ended("c0"))
    (offer,) = say(state, 11, e.Done("c0", "a"))
    assert isinstance(offer, Offer)
    assert offer.contact == "c1"  # before b1, who came later


def test_a_no_is_remembered() -> None:
    state = centre()
    say(state, 1, e.Contact("c1", "phone", TAX))
    no = e.Choice("c1", "callback", "refused")
    say(state, 2, no)
    assert state.contacts["c1"].channel == "phone"
    assert step(state, no, 3 * SECOND).duplicate
    twin = thaw(freeze(state))
    assert twin.contacts["c1"].choice == "refused"
    assert "chosen already" in refused(twin, 4, e.Choice("c1", "email", "accepted"))
    for second in range(60, 900, 60):
        assert proposals(say(twin, second, e.Tick())) == []


def test_only_what_was_proposed_can_be_chosen_and_only_while_they_wait() -> None:
    state = centre()
    say(state, 1, e.Contact("c1", "phone", TAX))
    assert "not proposed" in refused(state, 2, e.Choice("c1", "chat", "accepted"))
    assert "unknown_contact" in refused(state, 2, e.Choice("nobody", "chat", "accepted"))
    say(state, 3, e.Ended("c0"))
    say(state, 4, e.Done("c0", "a"))
    assert "offered" in refused(state, 5, e.Choice("c1", "callback", "accepted"))
    say(state, 5, e.Gone("c1"))
    assert "it is gone" in refused(state, 6, e.Choice("c1", "callback", "accepted"))


def test_a_call_that_a_gateway_holds_is_not_taken_out_of_its_hands() -> None:
    state = centre()
    say(state, 1, e.Contact("c1", "phone", TAX, via="phone"))
    assert "held by phone" in refused(state, 2, e.Choice("c1", "callback", "accepted"))
    say(state, 3, e.Choice("c1", "callback", "refused"))


def test_the_lines_of_the_engine() -> None:
    engine = Engine(structs.replace(Policy(), propose_to=("callback",)))
    lines = (
        {"at": 0, "event": "agent", "agent": "a", "state": "ready", "skills": {"tax": 5}},
        {"at": 0, "event": "contact", "contact": "c0", "channel": "phone", "needs": {"tax": 1}},
        {"at": 0, "event": "answer", "offer": "o1", "contact": "c0", "agent": "a", "answer": "accepted"},
        {"at": 1, "event": "contact", "contact": "c1", "channel": "phone", "needs": {"tax": 1}},
        {"at": 2, "event": "choice", "contact": "c1", "channel": "callback", "choice": "accepted"},
    )
    answers = [msgspec.json.decode(engine.answer(msgspec.json.encode(line))) for line in lines]
    (told,) = answers[3]["effects"]
    assert (told["effect"], told["contact"], told["because"]) == ("propose", "c1", "long_wait")
    (way,) = told["channels"]
    assert way["channel"] == "callback"
    assert set(way["wait_s"]) == {"low", "likely", "high"}
    assert "via" not in told
    assert "error" not in answers[4]
    assert engine.state.contacts["c1"].channel == "callback"
