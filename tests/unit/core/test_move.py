"""A supervisor's moves and contacts direct to an agent, in small situations a reader can check by eye."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Offer, Requeue, Withdraw
from router.core.invariants import broken
from router.core.policy import SECOND, Group, InnerPool, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

ANY: e.Needs = ({},)
X: e.Needs = ({"x": 5},)


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second; the state is sound after each."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        assert digest(state) == digest(thaw(freeze(state))), event
        found += result.effects
    return found


def refused(state: State, seconds: float, event: e.Event) -> str:
    """The code with which the event is refused, and nothing has changed."""
    before = freeze(state)
    refusal = step(state, event, round(seconds * SECOND)).refusal
    assert refusal is not None
    assert freeze(state) == before
    return refusal.code


def offers(effects):
    return [(x.contact, x.agent) for x in effects if isinstance(x, Offer)]


def move(contact: str, to: str, **fields) -> e.Move:
    return e.Move(contact, to, "boss", "a reason", **fields)  # type: ignore[arg-type]


def busy(*names: str, **skills: int) -> State:
    """Agents who talk, each with their own contact of that name."""
    state = State()
    for n, name in enumerate(names, start=1):
        at(state, 0, e.Agent(name, "ready", skills=skills), e.Contact(f"of-{name}", "phone", ANY))
        at(state, 0, e.Answer(f"o{n}", f"of-{name}", name, "accepted"))
    return state


def free(state: State, seconds: float, name: str):
    """The agent's conversation is over."""
    return offers(at(state, seconds, e.Ended(f"of-{name}"), e.Done(f"of-{name}", name)))


def three_wait() -> State:
    state = busy("a")
    for n in (1, 2, 3):
        at(state, n, e.Contact(f"c{n}", "phone", ANY))
    return state


def test_to_the_front_of_all_who_wait_on_the_channel():
    state = three_wait()
    at(state, 3, e.Contact("other", "phone", X))  # of another kind, and earlier than none of them
    at(state, 4, move("other", "front"), move("c3", "front"))
    assert state.contacts["c3"].rank < state.contacts["other"].rank < state.contacts["c1"].rank
    assert free(state, 5, "a") == [("c3", "a")]


def test_who_is_at_the_front_already_stays_where_they_are():
    state = three_wait()
    rank = state.contacts["c1"].rank
    at(state, 4, move("c1", "front"))
    assert state.contacts["c1"].rank == rank


def test_a_move_is_on_record_and_survives_a_restart():
    state = three_wait()
    at(state, 4, move("c3", "front"))
    moved = thaw(freeze(state)).contacts["c3"].moved
    assert (moved.to, moved.by, moved.reason, moved.at) == ("front", "boss", "a reason", 4 * SECOND)


def test_back_to_the_place_of_before_the_first_move():
    state = three_wait()
    before = state.contacts["c3"].rank, state.contacts["c3"].needs
    state.policy = Policy(pools={"south": InnerPool()})
    at(
        state,
        4,
        move("c3", "front"),
        move("c3", "pool", pool="south"),
        move("c3", "agent", agent="a", force=True),
    )
    at(state, 5, move("c3", "place"))
    contact = state.contacts["c3"]
    assert ((contact.rank, contact.needs), contact.moved) == (before, None)
    assert (contact.direct, contact.prefers, contact.pool) == (None, (), "")
    assert free(state, 6, "a") == [("c1", "a")]
    assert step(state, move("c3", "place"), state.now).duplicate
    assert refused(state, 7, move("c2", "place")) == "not_now"


def test_to_an_agent_who_need_not_be_the_best():
    state = busy("a", "b")
    at(state, 1, e.Contact("c", "phone", ANY), e.Contact("d", "phone", ANY))
    at(state, 2, move("d", "agent", agent="b"))
    assert free(state, 3, "a") == [("c", "a")]
    assert free(state, 4, "b") == [("d", "b")]


def test_an_agent_is_waited_for_while_away_but_no_longer_than_said():
    state = busy("a")
    at(state, 1, e.Agent("b", "away", skills={}))
    at(state, 2, e.Contact("c", "phone", ANY), move("c", "agent", agent="b", direct_for=60 * SECOND))
    assert free(state, 3, "a") == []
    assert state.wake() == 62 * SECOND
    assert offers(at(state, 62, e.Tick())) == [("c", "a")]
    assert state.contacts["c"].direct is None


@pytest.mark.parametrize("leaves", ["offline", "declined", "missed", "unable"])
def test_who_will_not_come_is_not_waited_for(leaves):
    state = busy("a")
    at(state, 1, e.Contact("c", "phone", ANY), e.Contact("d", "phone", ANY))
    at(state, 2, e.Agent("b", "away", skills={}), move("d", "agent", agent="b"))
    assert free(state, 3, "a") == [("c", "a")]
    at(state, 4, e.Answer("o2", "c", "a", "accepted"), e.Ended("c"), e.Done("c", "a"))
    if leaves == "offline":
        assert offers(at(state, 5, e.Agent("b", "offline"))) == [("d", "a")]
    elif leaves == "unable":
        assert offers(at(state, 5, e.Agent("b", "away", capacity={"phone": 0}))) == [("d", "a")]
    else:
        assert offers(at(state, 5, e.Agent("b", "ready"))) == [("d", "b")]
        assert offers(at(state, 6, e.Answer("o3", "d", "b", leaves))) == [("d", "a")]  # type: ignore[arg-type]


def test_an_agent_who_lacks_a_skill_takes_force_and_nobody_else_is_let_in_by_it():
    state = busy("a", "b", x=2)
    at(state, 1, e.Contact("c", "phone", X))
    assert refused(state, 2, move("c", "agent", agent="b")) == "not_now"
    at(state, 2, move("c", "agent", agent="b", force=True, direct_for=60 * SECOND))
    assert free(state, 3, "a") == []
    assert free(state, 4, "b") == [("c", "b")]
    at(state, 5, e.Answer("o3", "c", "b", "declined"))
    assert state.contacts["c"].needs == X
    assert offers(at(state, 100, e.Tick())) == []


def test_relaxation_goes_on_behind_a_forced_move():
    state = busy("b", x=2)
    at(state, 1, e.Contact("c", "phone", X, relax=(e.Relax(10 * SECOND, ({"x": 4},)),)))
    at(state, 2, move("c", "agent", agent="b", force=True, direct_for=60 * SECOND))
    at(state, 12, e.Tick())
    assert state.contacts["c"].needs == ({"x": 2},)
    at(state, 62, e.Tick())
    assert state.contacts["c"].needs == ({"x": 4},)


def test_a_refusal_of_before_does_not_bind_whom_a_supervisor_names():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={}), e.Contact("c", "phone", ANY))
    at(state, 1, e.Answer("o1", "c", "a", "declined"))
    assert offers(at(state, 2, move("c", "agent", agent="a"))) == [("c", "a")]


def test_an_open_offer_is_withdrawn_first():
    state = State()
    at(state, 0, e.Agent("a", "ready", skills={"x": 9}), e.Contact("c", "phone", ANY))
    at(state, 1, e.Agent("b", "ready", skills={}))
    effects = at(state, 2, move("c", "agent", agent="b"))
    assert isinstance(effects[0], Withdraw)
    assert effects[0].because == "preempted"
    assert effects[1] == Requeue("c", "moved")
    assert offers(effects) == [("c", "b")]
    assert at(state, 3, move("c", "agent", agent="b"), move("c", "front")) == []  # theirs already


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("unknown_contact", move("zz", "front")),
        ("unknown_agent", move("c1", "agent", agent="zz")),
        ("bad_field", move("c1", "agent")),
        ("bad_field", move("c1", "front", agent="a")),
        ("bad_field", move("c1", "front", force=True)),
        ("bad_field", move("c1", "pool")),
        ("bad_field", move("c1", "pool", pool="nowhere")),
        ("not_now", move("of-a", "front")),
        ("not_now", move("c1", "agent", agent="gone")),
        ("not_now", move("c1", "agent", agent="closed")),
        ("not_now", move("c1", "place")),
    ],
)
def test_what_cannot_be_moved_is_refused_and_changes_nothing(code, event):
    state = three_wait()
    at(state, 4, e.Agent("gone", "offline", skills={}))
    at(state, 4, e.Agent("closed", "ready", skills={}, capacity={"phone": 0}))
    assert refused(state, 5, event) == code


def test_direct_to_an_agent_on_arrival():
    state = busy("a", "b")
    at(state, 1, e.Contact("c", "phone", ANY, direct="b", direct_for=60 * SECOND))
    at(state, 1, e.Contact("nobody", "phone", ANY, direct="never-seen"))
    assert state.contacts["nobody"].direct is None
    assert free(state, 2, "a") == [("nobody", "a")]
    assert free(state, 3, "b") == [("c", "b")]
    assert refused(state, 4, e.Contact("d", "phone", ANY, direct="b", prefers=("a",))) == "bad_field"


def test_after_a_transfer_the_first_arrival_is_the_rank_again():
    state = three_wait()
    at(state, 4, move("c3", "front"))
    assert free(state, 5, "a") == [("c3", "a")]
    at(state, 6, e.Answer("o2", "c3", "a", "accepted"), e.Again("c3", ANY))
    assert (state.contacts["c3"].rank, state.contacts["c3"].moved) == (3 * SECOND, None)


def test_another_agent_takes_the_place_of_the_one_asked_alone_before():
    state = busy("a", "b", x=2)
    at(state, 1, e.Contact("c", "phone", X), e.Agent("c", "ready", skills={"x": 1}))
    at(state, 2, move("c", "agent", agent="b", force=True))
    at(state, 2, e.Agent("good", "away", skills={"x": 5}), move("c", "agent", agent="good"))
    assert (state.contacts["c"].needs, state.contacts["c"].prefers) == (X, ("good",))


def test_once_it_is_for_anybody_nobody_is_preferred_any_more():
    state = busy("a")
    at(state, 1, e.Contact("c", "phone", ANY, direct="a", direct_for=10 * SECOND), e.Tick())
    at(state, 11, e.Tick())
    contact = state.contacts["c"]
    assert (contact.direct, contact.prefers, contact.prefers_until) == (None, (), 0)


def test_who_lacks_the_skills_is_not_waited_for_on_arrival():
    state = busy("a", x=2)
    at(state, 1, e.Contact("c", "phone", X, direct="a"))
    assert (state.contacts["c"].direct, state.contacts["c"].needs) == (None, X)


def test_whom_a_supervisor_put_first_is_next_whatever_weighs_on_the_other_side():
    state = busy("a", x=9, y=1)
    at(
        state,
        1,
        e.Contact("urgent", "phone", ANY, target=1 * SECOND),
        e.Contact("fits", "phone", ({"x": 1},)),
    )
    at(
        state,
        2,
        e.Contact("mail", "email", ({"y": 1},), due=9000 * SECOND),
        e.Contact("slow", "phone", ({"y": 1},)),
    )
    at(state, 90, move("slow", "front"), move("mail", "front"))
    assert free(state, 900, "a") == [("slow", "a")]
    assert state.offers["o2"].why["front"] > 0
    at(state, 901, e.Answer("o2", "slow", "a", "accepted"), e.Ended("slow"))
    assert offers(at(state, 902, e.Done("slow", "a"))) == [("mail", "a")]


def test_put_first_it_stays_so_while_it_is_moved_on_and_until_that_is_undone():
    state = three_wait()
    at(state, 4, move("c3", "front"), move("c3", "agent", agent="a", direct_for=5 * SECOND))
    assert state.contacts["c3"].moved.front
    at(state, 10, move("c3", "place"))
    assert free(state, 11, "a") == [("c1", "a")]


def test_back_at_its_place_the_wait_has_had_its_effects_meanwhile():
    state = busy("a")
    steps = (e.Relax(30 * SECOND, ({"x": 4},)), e.Relax(90 * SECOND, ({"x": 2},)))
    at(state, 1, e.Contact("c", "phone", X, relax=steps))
    at(state, 2, move("c", "front"))
    at(state, 31, e.Tick())
    at(state, 50, move("c", "place"))
    contact = state.contacts["c"]
    assert (contact.needs, contact.relax) == (({"x": 4},), steps[1:])
    assert state.wake() == 91 * SECOND


def test_what_was_put_aside_for_a_supervisor_is_not_moved():
    state = three_wait()
    at(state, 4, e.Refused("poison", "c3"))
    assert refused(state, 5, move("c3", "front")) == "not_now"


def test_who_is_in_reserve_for_other_topics_takes_no_move_either():
    state = busy("a")
    state.policy = Policy(groups={"night": Group(topics=("tax",), agents=("a",))})
    at(state, 1, e.Contact("c", "phone", ANY, topic="tax"))
    assert refused(state, 2, move("c", "agent", agent="a")) == "not_now"
    at(state, 3, e.Contact("d", "phone", ANY, topic="family"), move("d", "agent", agent="a"))
