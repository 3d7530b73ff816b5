"""The parts of the model, each by the smallest day that shows it."""

import numpy as np

from router.core.events import Agent, Answer, Contact, Done, Ended
from router.core.policy import SECOND
from router.core.state import State
from router.core.step import step
from router.whatif.compare import SAME, Group, Pair, pair, told
from router.whatif.draws import Learnt, draw
from router.whatif.figures import LEFT, SERVED, WAITING, Run, recorded_run
from router.whatif.fold import recorded
from router.whatif.play import Player
from router.whatif.seen import Seen


def seen_of(story) -> list[Seen]:
    state, seen = State(), []
    for at, event in story:
        result = step(state, event, round(at * SECOND))
        assert result.refusal is None, result.refusal
        seen.append(Seen(state.n, round(at * SECOND), event, result.effects))
    return seen


def lived(day) -> Player:
    player = Player(day, draw(day, Learnt(day), 1, 0))
    player.live()
    return player


def test_at_one_instant_the_order_of_the_record_holds() -> None:
    """Were the call first, it would be offered to the first agent who comes, not to the best."""
    story = (
        (1, Agent("poor", "ready", skills={"x": 2})),
        (1, Agent("good", "ready", skills={"x": 9})),
        (1, Contact("c1", "phone", ({"x": 1},))),
        (2, Answer("o1", "c1", "good", "accepted")),
        (60, Ended("c1", "good")),
    )
    day = recorded(seen_of(story), State(), 0, 0, 60 * SECOND)
    assert lived(day).state.contacts["c1"].agent == "good"


def test_a_talk_that_went_on_when_the_record_ended_is_no_shorter() -> None:
    story = (
        (0, Agent("a", "ready", skills={"x": 2})),
        (0, Contact("c1", "phone", ({"x": 1},))),
        (1, Answer("o1", "c1", "a", "accepted")),
        (2, Ended("c1", "a")),
        (3, Done("c1", "a")),
        (4, Contact("c2", "phone", ({"x": 1},))),
        (5, Answer("o2", "c2", "a", "accepted")),
        (500, Contact("c3", "phone", ({"x": 1},))),
    )
    day = recorded(seen_of(story), State(), 0, 0, 500 * SECOND)
    plans = draw(day, Learnt(day), 1, 0)
    assert plans[0][0].talk == SECOND
    assert plans[1][0].talk >= 495 * SECOND  # the only talk that was seen to end lasted a second
    assert lived(day).outcomes[2].answered is None


def test_who_talks_when_the_record_begins_comes_when_that_is_over() -> None:
    story = [
        (0, Agent("a", "ready", skills={"x": 2})),
        (0, Contact("c1", "phone", ({"x": 1},))),
        (1, Answer("o1", "c1", "a", "accepted")),
        (50, Contact("c2", "phone", ({"x": 1},))),
        (60, Ended("c1", "a")),
        (70, Done("c1", "a")),
        (72, Answer("o2", "c2", "a", "accepted")),
        (90, Ended("c2", "a")),
    ]
    day = recorded(seen_of(story), State(), 40 * SECOND, 40 * SECOND, 90 * SECOND)
    assert [visit.event.contact for visit in day.visits] == ["c2"]
    assert lived(day).outcomes[0].answered == 72 * SECOND


def test_what_was_waited_elsewhere_counts() -> None:
    story = (
        (0, Agent("a", "ready", skills={"x": 2})),
        (10, Contact("c1", "phone", ({"x": 1},), waited=45 * SECOND)),
        (12, Answer("o1", "c1", "a", "accepted")),
        (60, Ended("c1", "a")),
    )
    day = recorded(seen_of(story), State(), 0, 0, 60 * SECOND)
    assert recorded_run(day).waits.tolist() == [47 * SECOND]
    assert pair(day, None, 1, 0).base.waits.tolist() == [47 * SECOND]


def test_who_is_served_only_there_waits_less_there_and_a_second_is_nothing() -> None:
    story = [(n, Contact(f"c{n}", "phone", ({"x": 1},))) for n in range(5)]
    day = recorded(seen_of(story), State(), 0, 0, 5 * SECOND)
    base = Run(np.array([9, 9, 9, 9, 9]) * SECOND, np.array([LEFT, SERVED, SERVED, SERVED, WAITING]))
    waits = np.array([20 * SECOND, 9 * SECOND - SAME, 9 * SECOND - SAME - 1, 10 * SECOND + 1, SECOND])
    other = Run(waits, np.array([SERVED, SERVED, SERVED, SERVED, LEFT]))
    group: Group = told(day, [Pair(base, other)], 1).groups["all"]
    assert group.moved is not None
    assert (group.moved.less.mean, group.moved.more.mean) == (2, 1)
