"""Offers missed in a row set an agent away where that is configured; a topic may say otherwise."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.effects import Offer, SetAway
from router.core.invariants import broken
from router.core.policy import SECOND, Policy, Topic
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)


def pool(**policy: object) -> State:
    state = State()
    state.policy = Policy(**policy)
    return state


def at(state: State, seconds: float, *events: e.Event):
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal
        found += result.effects
        assert broken(state) == []
    return found


def miss(state: State, contact: str) -> e.Answer:
    offer = state.offers[state.contacts[contact].offer]
    return e.Answer(offer.offer, contact, offer.agent, "missed")


def away(effects):
    return [x for x in effects if isinstance(x, SetAway)]


def test_by_default_nobody_is_set_away():
    state = pool()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    for n in range(50):
        assert away(at(state, 15 + 45 * n, e.Tick())) == []
        at(state, 45 + 45 * n, e.Tick())
    assert (state.agents["a"].state, state.agents["a"].misses) == ("ready", 50)


@pytest.mark.parametrize("how", ["missed", "expired"])
def test_so_many_in_a_row_set_the_agent_away_and_the_effect_tells(how: str):
    state = pool(away_after_misses=2)
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    assert away(at(state, 15, e.Tick())) == []
    at(state, 45, e.Tick())
    last = at(state, 60, e.Tick()) if how == "expired" else at(state, 50, miss(state, "c"))
    assert away(last) == [SetAway("a", "missed")]
    agent = state.agents["a"]
    assert (agent.state, agent.reason) == ("away", "missed")
    assert [x for x in at(state, 500, e.Tick()) if isinstance(x, Offer)] == []


def test_an_answer_in_between_begins_the_count_anew():
    state = pool(away_after_misses=2)
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    at(state, 1, miss(state, "c"))
    at(state, 31, e.Tick())
    at(state, 32, e.Answer("o2", "c", "a", "accepted"), e.Ended("c"), e.Done("c", "a"))
    at(state, 33, e.Contact("d", "phone", ANY))
    assert away(at(state, 34, miss(state, "d"))) == []


def test_declining_is_no_miss():
    state = pool(away_after_misses=1)
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    assert away(at(state, 1, e.Answer("o1", "c", "a", "declined"))) == []


def test_a_chat_in_hand_stays_and_the_agent_comes_back_with_a_clean_sheet():
    state = pool(away_after_misses=1)
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "chat", ANY))
    at(state, 1, e.Answer("o1", "c", "a", "accepted"), e.Contact("d", "chat", ANY))
    assert away(at(state, 2, miss(state, "d"))) == [SetAway("a", "missed")]
    assert state.agents["a"].hands == {"c": "chat"}
    at(state, 100, e.Agent("a", "ready"))
    assert state.agents["a"].misses == 0


@pytest.mark.parametrize(("pool_s", "topic_s", "set_away"), [(None, 1, True), (1, 2, False), (1, None, True)])
def test_the_topic_s_word_counts_before_the_pool_s(pool_s, topic_s, set_away: bool):
    topics = {"tax": Topic({}, away_after_misses=topic_s)}
    state = pool(away_after_misses=pool_s, topics=topics)
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, topic="tax"))
    assert bool(away(at(state, 1, miss(state, "c")))) is set_away


@pytest.mark.parametrize(("topic", "asked_again_at"), [("tax", 6), ("", 31), ("unknown", 31)])
def test_a_topic_may_have_its_own_pause_after_a_refusal(topic: str, asked_again_at: int):
    state = pool(topics={"tax": Topic({}, refusal_pause=5 * SECOND)})
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, topic=topic))
    at(state, 1, e.Answer("o1", "c", "a", "declined"))
    assert state.wake() == asked_again_at * SECOND
    assert [type(x) for x in at(state, asked_again_at, e.Tick())] == [Offer]


def test_an_offer_that_expired_pauses_as_long_as_its_topic_says():
    state = pool(topics={"tax": Topic({}, refusal_pause=5 * SECOND)})
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY, topic="tax"))
    at(state, 15, e.Tick())
    assert state.wake() == 20 * SECOND
