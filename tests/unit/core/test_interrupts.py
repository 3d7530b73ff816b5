"""An e-mail laid aside for a call, and taken up again: what the agent holds, hears and is offered."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events as e
from router.core.effects import Offer, Pause, Requeue, Resume, Withdraw
from router.core.interrupts import laid_aside
from router.core.invariants import broken
from router.core.policy import SECOND, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)


def pool(wrap_up: int | None = None, **rules: object) -> State:
    """Where calls interrupt e-mails."""
    usual = Policy()
    state = State()
    mail = replace(usual.channels["email"], interrupted_by=("phone",), wrap_up=wrap_up, **rules)
    state.policy = replace(usual, channels=usual.channels | {"email": mail})
    return state


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second; whatever happens, the state is sound."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal
        found += result.effects
        assert broken(state) == []
    return found


def offers(effects):
    return [(x.contact, x.agent) for x in effects if isinstance(x, Offer)]


def only(effects, *kinds):
    return [x for x in effects if isinstance(x, kinds)]


def answer(state: State, contact: str, how: str = "accepted") -> e.Answer:
    offer = state.offers[state.contacts[contact].offer]
    return e.Answer(offer.offer, contact, offer.agent, how)


def reading(state: State) -> None:
    """One agent, `a`, reads the mail."""
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("mail", "email", ANY))
    at(state, 1, answer(state, "mail"))


def test_without_a_word_in_the_configuration_nothing_is_interrupted():
    state = State()
    reading(state)
    assert offers(at(state, 2, e.Contact("call", "phone", ANY))) == []


def test_the_call_is_offered_and_the_mail_paused_when_it_is_accepted_not_before():
    state = pool()
    reading(state)
    rung = at(state, 2, e.Contact("call", "phone", ANY))
    assert offers(rung) == [("call", "a")]
    assert only(rung, Pause) == []
    taken = at(state, 3, answer(state, "call"))
    assert only(taken, Pause) == [Pause("mail", "a")]
    assert state.contacts["mail"].state == "connected"
    assert state.counts.connected == 2


def test_the_mail_is_resumed_when_the_call_is_wrapped_up_and_its_time_is_not_counted():
    state = pool()
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    at(state, 3, answer(state, "call"))
    assert only(at(state, 60, e.Ended("call")), Resume) == []
    assert only(at(state, 70, e.Done("call", "a")), Resume) == [Resume("mail", "a")]
    assert laid_aside(state.contacts["mail"], state.now) == 67 * SECOND
    at(state, 80, e.Ended("mail"), e.Done("mail", "a"))
    assert state.counts.ended == 2


def test_a_call_that_is_declined_leaves_the_mail_alone():
    state = pool()
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    assert only(at(state, 3, answer(state, "call", "declined")), Pause, Resume) == []


def test_who_has_nothing_in_hand_goes_before_who_must_lay_something_aside():
    state = pool()
    at(state, 0, e.Agent("a", "ready", skills={"x": 9}), e.Contact("mail", "email", ({"x": 9},)))
    at(state, 1, answer(state, "mail"), e.Agent("b", "ready", skills={"x": 1, "y": 10, "z": 10}))
    assert offers(at(state, 2, e.Contact("call", "phone", ({"x": 1},)))) == [("call", "b")]
    second = at(state, 2, e.Contact("call2", "phone", ({"x": 1},)))
    assert offers(second) == [("call2", "a")]
    assert only(second, Offer)[0].why["interrupt"] == -state.policy.weights.interrupt


def test_nothing_is_offered_beside_a_call_and_the_mail_it_interrupts():
    state = pool()
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    beside = (e.Contact("chat", "chat", ANY), e.Contact("call2", "phone", ANY), e.Contact("m2", "email", ANY))
    assert offers(at(state, 3, *beside)) == []
    assert offers(at(state, 4, answer(state, "call"))) == []


def test_an_e_mail_only_on_offer_goes_back_to_its_place():
    state = pool()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("mail", "email", ANY))
    assert offers(at(state, 1, e.Contact("call", "phone", ANY))) == [("call", "a")]
    taken = at(state, 2, answer(state, "call"))
    assert [x.because for x in only(taken, Withdraw, Requeue)] == ["preempted", "preempted"]
    assert state.contacts["mail"].state == "waiting"
    assert state.contacts["mail"].refusals == {}
    at(state, 3, e.Ended("call"))
    assert offers(at(state, 4, e.Done("call", "a"))) == [("mail", "a")]


def test_what_is_left_of_a_wrap_up_is_kept_through_a_snapshot_too():
    state = pool(wrap_up=30 * SECOND)
    reading(state)
    at(state, 10, e.Ended("mail"))
    at(state, 20, e.Contact("call", "phone", ANY))
    at(state, 30, answer(state, "call"))  # ten seconds are left
    state = thaw(freeze(state))
    at(state, 100, e.Ended("call"))
    assert state.contacts["mail"].state == "wrap_up"
    at(state, 110, e.Done("call", "a"))
    state = thaw(freeze(state))
    assert state.wake() == 120 * SECOND
    at(state, 120, e.Tick())
    assert state.contacts["mail"].state == "ended"


def test_a_mail_that_ends_while_it_is_laid_aside_has_its_wrap_up_afterwards():
    state = pool(wrap_up=30 * SECOND)
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    at(state, 3, answer(state, "call"), e.Ended("mail"))
    at(state, 90, e.Ended("call"))
    assert state.contacts["mail"].state == "wrap_up"
    at(state, 95, e.Done("call", "a"), e.Done("mail", "a"))
    assert state.agents["a"].hands == {}


def test_a_mail_that_is_handed_on_is_laid_aside_no_more():
    state = pool()
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    at(state, 3, answer(state, "call"), e.Again("mail", ANY))
    mail = state.contacts["mail"]
    assert (mail.state, mail.paused_at, mail.paused_for) == ("waiting", None, 0)


def test_what_was_laid_aside_under_one_policy_is_taken_up_under_the_next():
    state = pool()
    reading(state)
    at(state, 2, e.Contact("call", "phone", ANY))
    at(state, 3, answer(state, "call"))
    step(state, e.Config(Policy(), "h"), 4 * SECOND)
    assert state.contacts["mail"].paused_at is not None
    step(state, e.Ended("call"), 5 * SECOND)
    assert only(at(state, 6, e.Done("call", "a")), Resume) == [Resume("mail", "a")]
