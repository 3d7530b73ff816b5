"""Timed relaxation: at its time, and where configured at once when nobody present could match."""

from __future__ import annotations

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.policy import SECOND, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

EXPERT: e.Needs = ({"x": 8},)
GOOD: e.Needs = ({"x": 4},)
ANY: e.Needs = ({},)
STEPS = (e.Relax(30 * SECOND, GOOD), e.Relax(90 * SECOND, ANY))


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second; the state is sound after each."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        twin = thaw(freeze(state))
        assert digest(state) == digest(twin), event
        assert sorted(map(sorted, state.relaxing)) == sorted(map(sorted, twin.relaxing)), event
        found += result.effects
    return [(x.contact, x.agent) for x in found if isinstance(x, Offer)]


def contact(name: str, **fields) -> e.Contact:
    return e.Contact(name, "phone", EXPERT, relax=STEPS, **fields)


def centre(*, skips: bool = True, **levels: int) -> State:
    """Agents of these levels, each of them in conversation."""
    state = State()
    state.policy = Policy(skip_hopeless=skips)
    for n, (name, level) in enumerate(levels.items(), start=1):
        at(state, 0, e.Agent(name, "ready", skills={"x": level}), e.Contact(f"of-{name}", "phone", ANY))
        at(state, 0, e.Answer(f"o{n}", f"of-{name}", name, "accepted"))
    return state


def free(state: State, seconds: float, name: str):
    return at(state, seconds, e.Ended(f"of-{name}"), e.Done(f"of-{name}", name))


def test_the_protocol_waits_for_the_step_whoever_is_there():
    state = centre(skips=False, good=5)
    at(state, 1, contact("c"))
    assert free(state, 2, "good") == []
    assert state.wake() == 31 * SECOND
    assert at(state, 31, e.Tick()) == [("c", "good")]


def test_who_is_busy_is_waited_for_until_the_step():
    state = centre(expert=9, good=5)
    at(state, 1, contact("c"))
    assert free(state, 2, "good") == []
    assert at(state, 31, e.Tick()) == [("c", "good")]


def test_nobody_present_could_match_so_the_step_is_taken_on_arrival():
    state = centre(good=5)
    at(state, 1, contact("c"))
    assert state.contacts["c"].needs == GOOD
    assert free(state, 2, "good") == [("c", "good")]


def test_a_step_that_nobody_could_serve_either_is_passed_over_and_the_place_is_kept():
    state = centre(novice=1)
    at(state, 1, contact("c"), contact("d"))
    assert (state.contacts["c"].needs, state.contacts["c"].relax) == (ANY, ())
    assert free(state, 2, "novice") == [("c", "novice")]


def test_when_the_last_who_could_match_leaves_all_who_wait_go_on_at_once():
    state = centre(expert=9, good=5)
    at(state, 1, contact("c"), contact("d", waited=20 * SECOND))
    state = thaw(freeze(state))
    at(state, 2, e.Agent("expert", "away"))
    assert state.contacts["c"].needs == GOOD
    assert free(state, 3, "good") == [("d", "good")]


def test_who_lost_the_skill_or_closed_the_channel_is_as_good_as_gone():
    state = centre(expert=9, other=9, good=5)
    at(state, 1, contact("c"), e.Agent("expert", "ready", skills={"x": 7}))
    assert state.contacts["c"].needs == EXPERT
    at(state, 2, e.Agent("other", "ready", capacity={"phone": 0}))
    assert state.contacts["c"].needs == GOOD


def test_with_nobody_at_all_it_waits_for_whoever_comes_at_its_time():
    state = centre()
    at(state, 1, contact("c"))
    assert (state.contacts["c"].needs, state.wake()) == (EXPERT, 31 * SECOND)
    assert at(state, 2, e.Agent("expert", "ready", skills={"x": 9})) == [("c", "expert")]


def test_an_offered_contact_goes_on_once_it_is_back_in_line():
    state = centre(good=5)
    at(state, 1, e.Agent("expert", "ready", skills={"x": 9}))
    assert at(state, 1, contact("c")) == [("c", "expert")]
    at(state, 2, e.Agent("expert", "offline"))
    assert state.contacts["c"].needs == GOOD


def test_another_policy_holds_from_then_on():
    state = centre(skips=False, good=5)
    at(state, 1, contact("c"), e.Config(Policy(skip_hopeless=True), "h"))
    assert state.contacts["c"].needs == GOOD


def test_who_leaves_in_the_very_step_that_would_relax_them_is_left_alone():
    state = centre(good=5)
    steps = (e.Relax(30 * SECOND, ({"nobody": 1},)), e.Relax(90 * SECOND, ANY))
    at(state, 1, e.Contact("c", "phone", GOOD, relax=steps))
    at(state, 31, e.Gone("c"))
    assert state.contacts["c"].state == "gone"
    assert not any("c" in names for names in state.relaxing)
