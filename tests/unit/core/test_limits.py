"""Queue limits: who is turned away, when, and with what word."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import events as e
from router.core.effects import Divert, Offer, Refuse
from router.core.invariants import broken
from router.core.policy import SECOND, Limit, Policy, Topic
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)
X: e.Needs = ({"x": 1},)


def pool(limit: Limit | None = None, **topics: Limit) -> State:
    usual = Policy()
    phone = replace(usual.channels["phone"], limit=limit)
    state = State()
    state.policy = replace(
        usual,
        channels=usual.channels | {"phone": phone},
        topics={name: Topic({}, limit=each) for name, each in topics.items()},
    )
    return state


def at(state: State, seconds: float, *events: e.Event):
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal
        found += result.effects
        assert broken(state) == []
    return found


def call(name: str, **more: object) -> e.Contact:
    return e.Contact(name, "phone", ANY, **more)


def refused(effects):
    return [x for x in effects if isinstance(x, Refuse)]


def test_by_default_any_number_may_wait_as_long_as_they_like():
    state = State()
    at(state, 0, *(call(f"c{n}") for n in range(50)))
    assert refused(at(state, 10**8, e.Tick())) == []
    assert state.counts.waiting == 50
    assert state.overflows == {}


def test_the_one_who_is_too_many_is_refused_and_counted():
    state = pool(Limit(max_waiting=2))
    assert refused(at(state, 0, call("c1"), call("c2"))) == []
    assert refused(at(state, 1, call("c3"))) == [Refuse("c3", "too_many", "channel phone")]
    assert (state.contacts["c3"].state, state.contacts["c3"].reason) == ("gone", "too_many")
    assert (state.counts.arrived, state.counts.waiting, state.counts.gone) == (3, 2, 1)
    assert state.overflows == {"channel phone too_many refuse": 1}


def test_other_channels_have_room_of_their_own():
    state = pool(Limit(max_waiting=0))
    assert refused(at(state, 0, e.Contact("m", "email", ANY))) == []


def test_with_no_place_to_wait_whoever_finds_an_agent_free_is_served():
    state = pool(Limit(max_waiting=0))
    at(state, 0, e.Agent("a", "ready", skills={}))
    made = at(state, 1, call("c1"), call("c2"))
    assert [x.contact for x in made if isinstance(x, Offer)] == ["c1"]
    assert [x.contact for x in refused(made)] == ["c2"]


def test_who_comes_back_from_an_agent_is_no_newcomer():
    state = pool(Limit(max_waiting=0))
    at(state, 0, e.Agent("a", "ready", skills={}), call("c1"))
    assert refused(at(state, 1, e.Answer("o1", "c1", "a", "declined"))) == []
    assert state.contacts["c1"].state == "waiting"


def test_a_topic_s_limit_counts_its_own_across_channels():
    state = pool(tax=Limit(max_waiting=1))
    at(state, 0, call("c1", topic="tax"), call("c2"))
    turned = at(state, 1, e.Contact("c3", "chat", ANY, topic="tax"))
    assert refused(turned) == [Refuse("c3", "too_many", "topic tax")]


def test_who_waits_too_long_is_refused_at_that_instant_and_not_before():
    state = pool(Limit(max_wait=60 * SECOND))
    at(state, 0, call("c1"))
    state = thaw(freeze(state))
    assert state.wake() == 60 * SECOND
    assert refused(at(state, 59.999999, e.Tick())) == []
    assert refused(at(state, 60, e.Tick())) == [Refuse("c1", "too_long", "channel phone")]
    assert state.contacts["c1"].reason == "too_long"


def test_what_was_waited_elsewhere_counts():
    state = pool(Limit(max_wait=60 * SECOND))
    assert [x.because for x in refused(at(state, 5, call("c1", waited=70 * SECOND)))] == ["too_long"]


def test_an_offer_open_at_the_limit_stands_and_the_next_look_refuses():
    state = pool(Limit(max_wait=10 * SECOND))
    at(state, 0, e.Agent("a", "ready", skills={}), call("c1"))
    assert refused(at(state, 12, e.Tick())) == []
    assert refused(at(state, 13, e.Answer("o1", "c1", "a", "declined"))) != []


def test_whom_an_agent_can_have_at_the_limit_is_offered_not_refused():
    state = pool(Limit(max_wait=30 * SECOND))
    at(state, 0, e.Contact("c1", "phone", X, relax=(e.Relax(30 * SECOND, ANY),)))
    at(state, 1, e.Agent("a", "ready", skills={}))
    made = at(state, 30, e.Tick())
    assert [x.contact for x in made if isinstance(x, Offer)] == ["c1"]
    assert refused(made) == []


def test_who_was_served_once_is_not_refused_when_handed_on():
    state = pool(Limit(max_wait=10 * SECOND))
    at(state, 0, e.Agent("a", "ready", skills={}), call("c1"))
    at(state, 1, e.Answer("o1", "c1", "a", "accepted"))
    assert refused(at(state, 50, e.Again("c1", X), e.Tick())) == []
    assert refused(at(state, 90, e.Tick())) == []


def test_diverted_contacts_keep_their_place_until_their_gateway_has_them():
    state = pool(Limit(max_waiting=0, overflow="divert"))
    assert at(state, 0, call("c1", via="phone")) == [Divert("c1", "phone")]
    assert state.contacts["c1"].state == "waiting"
    assert state.overflows == {"channel phone too_many divert": 1}
    at(state, 1, e.Gone("c1", "fallback"))
    assert state.counts.gone == 1


def test_relaxed_at_once_it_keeps_its_place_and_is_offered_in_the_same_step():
    state = pool(Limit(max_wait=10 * SECOND, overflow="relax"))
    at(state, 0, e.Agent("a", "ready", skills={}))
    steps = (e.Relax(60 * SECOND, ({"x": 1, "y": 1},)), e.Relax(90 * SECOND, ANY))
    at(state, 1, e.Contact("c1", "phone", X, relax=steps))
    made = at(state, 11, e.Tick())
    assert [x.contact for x in made if isinstance(x, Offer)] == ["c1"]
    assert state.contacts["c1"].rank == 1 * SECOND
    assert state.overflows == {"channel phone too_long relax": 1}


def test_without_a_step_to_take_the_topic_s_limit_is_next():
    state = pool(Limit(max_waiting=0, overflow="relax"), tax=Limit(max_waiting=0))
    assert refused(at(state, 0, call("c1", topic="tax"))) == [Refuse("c1", "too_many", "topic tax")]
    assert list(state.overflows) == ["topic tax too_many refuse"]


@pytest.mark.parametrize("by", [5, 500])
def test_a_clock_that_jumped_refuses_nobody(by: int):
    state = pool(Limit(max_wait=60 * SECOND))
    at(state, 0, call("c1"))
    assert refused(at(state, 10 + by, e.Shift(by * SECOND))) == []
    assert state.wake() == (60 + by) * SECOND


def test_of_two_limits_each_has_its_time():
    state = pool(Limit(max_wait=10 * SECOND, overflow="divert"), tax=Limit(max_wait=20 * SECOND))
    at(state, 0, call("c1", topic="tax", via="phone"))
    assert at(state, 10, e.Tick()) == [Divert("c1", "phone")]
    assert refused(at(state, 19, e.Tick())) == []
    assert at(state, 20, e.Tick()) == [Refuse("c1", "too_long", "topic tax", "phone")]
    assert sorted(state.overflows.values()) == [1, 1]
