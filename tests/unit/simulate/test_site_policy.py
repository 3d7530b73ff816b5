"""A site's own policy in the simulator: what it turns away, ends or lays aside, and whom it sets away."""

from msgspec.structs import replace

from router.core.events import Done, Ended
from router.core.policy import SECOND, ChannelRules, Limit, Policy, Topic
from router.simulate.centre import Centre
from router.simulate.compare import day, pool_of, promised
from router.simulate.draw import draw
from router.simulate.figures import by_group
from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team
from router.simulate.talks import Talks

CALLS = Kind("calls", "phone", {"a": 1}, (200.0,), Spread(150), Spread(60), Spread(90), topic="x")
CHATS = Kind("chats", "chat", {"a": 1}, (60.0,), Spread(240), patience=Spread(90))
MAIL = Kind("mail", "email", {"a": 1}, (20.0,), Spread(200), due_s=7200)
DAY = Scenario("a day", 2, (CALLS, CHATS, MAIL), (Team(6, {"a": 8}),), Answering(2, 0.2, 0.1))
USUAL = Policy().channels


def rules(**channels: ChannelRules) -> Policy:
    return Policy(channels=USUAL | channels)


def lived(policy: Policy, scenario: Scenario = DAY, who: str = "guichet") -> Centre:
    centre = Centre(scenario, draw(scenario, 0), pool_of(scenario, policy, who))
    centre.live()
    return centre


def test_a_wrap_up_that_the_policy_ends_frees_the_agent_and_whoever_routes_has_the_same():
    short = rules(phone=ChannelRules(wrap_up=SECOND))
    for who in ("guichet", "app_queue"):
        before, after = (
            day(DAY, policy, who, 0).headline["phone_mean_wait_s"] for policy in (Policy(), short)
        )
        assert after < before - 2


def test_whom_a_queue_limit_turns_away_is_gone_at_once_and_counts_as_not_served():
    for overflow in ("refuse", "divert"):
        limited = rules(phone=ChannelRules(limit=Limit(max_waiting=1, overflow=overflow)))
        calls = [s for s in lived(limited).stories.values() if s.citizen.kind is CALLS]
        at_once = [story for story in calls if story.left == story.citizen.arrives]
        assert len(at_once) > 5
        assert not [story for story in at_once if story.answered is not None]


def test_agents_set_away_for_missed_offers_come_back():
    strict = replace(Policy(), away_after_misses=1)
    quick = replace(DAY, answering=replace(DAY.answering, missed=0.5, back_s=10))
    served = sum(story.answered is not None for story in lived(strict, quick).stories.values())
    slow = replace(DAY, answering=replace(DAY.answering, missed=0.5, back_s=10_000))
    assert served > 2 * sum(story.answered is not None for story in lived(strict, slow).stories.values())


def test_mail_laid_aside_for_a_call_ends_later_by_as_much():
    said: list[tuple[object, int]] = []
    planned = []
    talks = Talks(lambda at, happen: planned.append((at, happen)), lambda event, at: said.append((event, at)))
    talks.begin("m", "a", 100, 130)
    talks.pause("m", 40)
    talks.resume("m", 90)
    for at, happen in sorted(planned, key=lambda each: each[0]):
        happen(at)
    assert said == [(Ended("m", "a"), 150), (Done("m", "a"), 180)]


def test_calls_interrupt_mail_where_the_policy_says_so_and_the_mail_is_answered_all_the_same():
    busy = replace(
        DAY, kinds=(replace(CALLS, per_hour=(60.0,)), replace(MAIL, due_s=300.0, per_hour=(40.0,)))
    )
    apart, interrupting = (
        lived(rules(email=replace(USUAL["email"], interrupted_by=by)), busy) for by in ((), ("phone",))
    )
    assert by_group(interrupting)["channel phone"].mean_wait_s < by_group(apart)["channel phone"].mean_wait_s
    assert by_group(interrupting)["channel email"].abandoned < 0.1


def test_all_are_judged_by_what_the_site_promises_unless_the_scenario_says():
    site = replace(rules(chat=ChannelRules(target=20 * SECOND)), topics={"x": Topic({}, target=30 * SECOND)})
    own = replace(DAY, kinds=(CALLS, CHATS, replace(MAIL, target_s=5.0)))
    assert [kind.target_s for kind in promised(own, site).kinds] == [30.0, 20.0, 5.0]
