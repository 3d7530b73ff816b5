"""The terms of the score, one by one, and that the sums are those of the terms."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import score as terms
from router.core.line import FREE, FRONT, HELD, PRESSED
from router.core.pace import Pace
from router.core.policy import SECOND, Policy
from router.core.state import AgentRecord, State

NEEDS = ({"housing": 3},)
WEIGHTS = Policy().weights


def late(seconds: int) -> State:
    state = State()
    state.now = seconds * SECOND
    return state


@pytest.mark.parametrize(
    ("hold", "channel", "brought"),
    [
        (FREE, "phone", {"live": WEIGHTS.live}),
        (FREE, "email", {}),
        (HELD, "phone", {}),
        (HELD, "email", {}),
        (PRESSED, "email", {"due": WEIGHTS.due}),
        (PRESSED, "phone", {"due": WEIGHTS.due}),
        (FRONT, "phone", {"front": 2_000_000_000}),
    ],
)
def test_what_a_contact_brings(hold: int, channel: str, brought: dict[str, int]) -> None:
    state = late(90)
    whole = terms.contact_terms(state, channel, 30 * SECOND, 60 * SECOND, hold)
    assert whole == {"wait": WEIGHTS.wait, **brought}
    assert terms.contact_points(state, channel, 30 * SECOND, 60 * SECOND, hold) == sum(whole.values())


def test_a_wait_counts_per_target_and_has_a_bound() -> None:
    assert terms.wait_points(late(90), 0, 60 * SECOND) == 1_500
    assert terms.wait_points(late(90), 0, 0) == 90_000  # a target below a second is a second
    assert terms.wait_points(late(10**9), 0, SECOND) == 1_000_000_000
    assert terms.wait_points(late(10**6), 0, SECOND) == 1_000_000_000
    assert terms.wait_points(late(10**6 - 1), 0, SECOND) == 999_999_000


def agent(**fields: object) -> AgentRecord:
    return AgentRecord("a", "ready", "", {"housing": 7, "tax": 2}, {}, **fields)


MIXED = replace(
    Policy(),
    hard=("housing",),
    channels={**Policy().channels, "email": replace(Policy().channels["email"], interrupted_by=("phone",))},
)


@pytest.mark.parametrize(
    ("fields", "channel", "more"),
    [
        ({}, "phone", {}),
        ({"strained": True}, "phone", {"rest": -WEIGHTS.rest}),
        ({"hands": {"c": "chat"}}, "chat", {"beside": WEIGHTS.beside}),
        ({"hands": {"c": "chat"}}, "phone", {}),
        ({"hands": {"c": "email"}}, "phone", {"interrupt": -WEIGHTS.interrupt}),
        ({"paces": {"phone housing": Pace(10**6, 450)}}, "phone", {"speed": WEIGHTS.speed}),
        ({"paces": {"phone housing": Pace(10**6, 1_600)}}, "phone", {"speed": -WEIGHTS.speed}),
        ({"paces": {"chat housing": Pace(10**6, 500)}}, "phone", {}),
    ],
)
def test_how_a_pair_suits(fields: dict[str, object], channel: str, more: dict[str, int]) -> None:
    person = agent(**fields)
    whole = terms.pair_terms(MIXED, channel, NEEDS, person)
    assert whole == {"fit": 10 * (2 * 7 - 9), **more}
    assert terms.pair_points(MIXED, channel, NEEDS, person) == sum(whole.values())
    at_ease = terms.pair_points(MIXED, channel, ({"tax": 1},), agent(strained=True))
    assert at_ease == 10 * (2 * 2 - 9)  # what is not hard asks for no rest


def test_each_contact_in_hand_costs_what_the_policy_says() -> None:
    policy = replace(MIXED, weights=replace(MIXED.weights, beside=0, occupied=30))
    fit = 10 * (2 * 7 - 9)
    for hands, lost in ({}, 0), ({"c": "chat"}, 30), ({"c": "chat", "d": "chat"}, 60):
        person = agent(hands=hands)
        whole = terms.pair_terms(policy, "chat", NEEDS, person)
        assert whole.get("occupied", 0) == -lost
        assert terms.pair_points(policy, "chat", NEEDS, person) == sum(whole.values()) == fit - lost


def test_idleness_counts_in_whole_seconds_of_empty_hands() -> None:
    state = late(100)
    state.policy = replace(Policy(), weights=replace(WEIGHTS, idle=3))
    assert terms.idle_points(state, agent(idle_since=40 * SECOND + 1)) == 180
    assert terms.idle_points(state, agent(idle_since=39 * SECOND + 999_999)) == 183
    assert terms.idle_points(state, agent(hands={"c": "chat"})) == 0
