"""A simulated day loses nobody, counts everybody, and does not depend on who runs it."""

import msgspec
import pytest
from msgspec.structs import replace

from router.core.policy import Policy
from router.simulate.centre import Centre
from router.simulate.compare import day, days, pool_of
from router.simulate.draw import draw
from router.simulate.figures import by_group, figures, headline
from router.simulate.rules import RULES
from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team

CALLS = Kind(
    "calls", "phone", {"a": 1}, (120.0,), Spread(120), Spread(20), Spread(90), vulnerable=0.2, topic="x"
)
CHATS = Kind("chats", "chat", {"b": 1}, (60.0,), Spread(240), patience=Spread(90))
MAIL = Kind("mail", "email", {"a": 1}, (20.0,), Spread(200), due_s=1800)
TEAMS = (Team(3, {"a": 8}, ((0.0, 1.0), (1.5, 3.0))), Team(3, {"a": 2, "b": 5}), Team(1, {"b": 9}, speed=2))
DAY = Scenario("a day", 3, (CALLS, CHATS, MAIL), TEAMS, Answering(2, 0.1, 0.1), replications=2)
POLICIES = ["guichet", *RULES]


@pytest.mark.parametrize("policy", POLICIES)
def test_everybody_is_answered_or_leaves_and_no_agent_serves_beyond_their_shift_s_end(policy):
    centre = Centre(DAY, draw(DAY, 0), pool_of(DAY, Policy(), policy))
    centre.live()
    stories = centre.stories.values()
    assert len(stories) > 400
    assert not [story for story in stories if story.answered is not None and story.left is not None]
    untold = [story for story in stories if story.answered is None and story.left is None]
    assert {story.citizen.kind.channel for story in untold} <= {"email"}  # nobody is there any more for these
    for story in stories:
        if story.answered is not None and story.citizen.patience is not None:
            assert story.answered <= story.citizen.arrives + story.citizen.patience


@pytest.mark.parametrize("policy", POLICIES)
def test_a_day_is_repeated_to_the_last_figure(policy):
    assert day(DAY, Policy(), policy, 1) == day(DAY, Policy(), policy, 1)


def test_two_cores_live_the_same_days_as_one():
    both = replace(DAY, policies=("guichet", "cmu"))
    done: list[None] = []
    alone = list(days(both, Policy(), 1))
    assert list(days(both, Policy(), 2, lambda: done.append(None))) == alone
    assert len(done) == 4


def test_who_left_is_in_the_denominator():
    centre = Centre(DAY, draw(DAY, 0), pool_of(DAY, Policy(), "app_queue"))
    centre.live()
    phone = by_group(centre)["channel phone"]
    in_time = sum(
        story.answered is not None and story.answered - story.citizen.arrives <= 60_000_000
        for story in centre.stories.values()
        if story.citizen.kind is CALLS
    )
    came = sum(story.citizen.kind is CALLS for story in centre.stories.values())
    assert phone.service_level == in_time / came
    assert headline(centre)["phone_service_level"] == phone.service_level
    assert figures([]).arrived == 0


def test_what_is_due_only_after_the_day_is_left_for_another_and_not_late():
    nobody = replace(DAY, teams=(Team(1, {"b": 1}),))
    for due_s, late in ((1800.0, 1.0), (86_400.0, 0.0)):
        scenario = replace(nobody, kinds=(CALLS, replace(MAIL, due_s=due_s)))
        mail = day(scenario, Policy(), "guichet", 0).groups["channel email"]
        assert (mail.late, mail.abandoned) == (late, 1.0)


def test_figures_are_plain_enough_to_be_written_as_json():
    assert b'"lost"' in msgspec.json.encode(day(DAY, Policy(), "guichet", 0))
