"""Queue limits and breaks for missed offers in a recorded day: repeated as they were, lifted, imposed."""

import pytest
from msgspec.structs import replace

from router.core.events import Agent
from router.core.policy import SECOND, Limit, Policy
from router.simulate.scenario import Answering
from router.whatif.breaks import BACK, Breaks
from router.whatif.compare import pair, told
from router.whatif.day import Given
from router.whatif.other import under
from tests.unit.whatif import recording
from tests.unit.whatif.test_fidelity import day_of

USUAL = Policy().channels


def limited(overflow: str) -> Policy:
    phone = replace(USUAL["phone"], limit=Limit(max_waiting=1, overflow=overflow))
    return Policy(channels=USUAL | {"phone": phone})


@pytest.mark.parametrize("overflow", ["refuse", "divert"])
def test_who_was_turned_away_is_again_and_without_the_limit_is_not(overflow):
    policy = limited(overflow)
    day = replace(day_of(recording.lived(policy=policy)), policy=policy)
    turned = [visit for visit in day.visits if visit.turned_away]
    assert len(turned) > 10
    assert all(visit.left == visit.at for visit in turned)
    answer = told(day, [pair(day, under(day, Policy()), 1, number) for number in range(2)], 1)
    assert answer.doubts == []
    assert answer.alike > 0.99
    phone = answer.groups["channel phone"]
    assert phone.moved is not None
    assert phone.change["left"].mean < -0.05  # some of them are served, and whoever leaves was less patient
    assert phone.moved.less.mean > len(turned) / 10


def test_a_limit_imposed_turns_people_away_at_once():
    day = day_of(recording.lived())
    answer = told(day, [pair(day, under(day, limited("refuse")), 1, 0)], 1)
    phone = answer.groups["channel phone"]
    assert phone.change["left"].mean > 0.05
    assert phone.change["p95_wait_s"].mean < 0


def test_agents_set_away_by_another_policy_come_back():
    missing = replace(recording.SCENARIO, answering=Answering(2, 0.3, 0.0))
    day = day_of(recording.lived(missing))
    strict = replace(Policy(), away_after_misses=1)
    answer = told(day, [pair(day, under(day, strict), 1, 0)], 1)
    assert answer.groups["all"].other["in_time"].mean > answer.groups["all"].base["in_time"].mean - 0.3


def test_a_break_that_the_record_ends_is_not_ended_otherwise():
    breaks = Breaks([Given(500 * SECOND, 1, Agent("a", "ready"))])
    assert breaks.over("a", 100 * SECOND) is None
    assert breaks.over("a", 600 * SECOND) == 600 * SECOND + BACK
    assert breaks.over("b", 0) == BACK
