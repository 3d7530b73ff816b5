"""Reserve groups: they serve their topics while these get less than was promised, and no longer."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events as e
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.policy import SECOND, Group, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import GroupRecord, State
from router.core.step import step

TARGET = 60 * SECOND
X: e.Needs = ({"x": 1},)


def pool(**group: object) -> State:
    state = State()
    state.policy = replace(Policy(), groups={"help": replace(Group(("tax",), agents=("r",)), **group)})
    return state


def at(state: State, seconds: float, *events: e.Event) -> dict[str, str]:
    """What is offered to whom."""
    found: dict[str, str] = {}
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal
        assert broken(state) == []
        found |= {x.contact: x.agent for x in result.effects if isinstance(x, Offer)}
    return found


def ready(name: str) -> e.Agent:
    return e.Agent(name, "ready", skills={"x": 5})


def call(name: str) -> e.Contact:
    return e.Contact(name, "phone", X, topic="tax")


def woken(state: State, until: float) -> dict[str, str]:
    """Every timer as it falls due."""
    found: dict[str, str] = {}
    while (wake := state.wake()) is not None and wake <= until * SECOND:
        found |= at(state, wake / SECOND, e.Tick())
    return found


def test_who_is_in_reserve_is_left_in_peace_while_all_goes_well():
    state = pool()
    assert at(state, 0, ready("r"), call("c1")) == {}
    assert at(state, 1, ready("a")) == {"c1": "a"}
    assert at(state, 2, call("c2")) == {}


def test_who_waits_past_the_target_opens_the_group_even_alone():
    """Nobody else is there: each target that passes counts again, so nobody waits for ever."""
    state = pool()
    at(state, 0, ready("r"), call("c1"))
    assert woken(state, 299) == {}
    assert woken(state, 361) == {"c1": "r"}
    assert state.groups["help"].open
    assert state.groups["help"].since == 6 * TARGET


def test_several_who_wait_open_it_sooner():
    state = pool()
    at(state, 0, ready("r"), *(call(f"c{n}") for n in range(3)))
    assert list(woken(state, 120).items()) == [("c0", "r")]


def test_it_shuts_once_the_topic_gets_what_was_promised():
    state = pool()
    state.groups["help"] = GroupRecord(open=True, attained=700)
    at(state, 0, ready("r"))
    for n in range(7):
        assert at(state, n, call(f"c{n}")) == {f"c{n}": "r"}
        at(state, n, e.Answer(f"o{n + 1}", f"c{n}", "r", "accepted"), e.Ended(f"c{n}"), e.Done(f"c{n}", "r"))
    assert state.groups["help"] == GroupRecord(open=False, attained=812, since=6 * SECOND)
    assert at(state, 8, call("c8")) == {}


def test_who_leaves_unserved_counts_against_it():
    state = pool()
    at(state, 0, ready("r"))
    for n in range(6):
        at(state, n, call(f"c{n}"), e.Gone(f"c{n}"))
    assert state.groups["help"].open
    assert at(state, 9, call("c9")) == {"c9": "r"}


def test_a_contact_that_was_served_counts_no_more():
    state = pool()
    at(state, 0, ready("a"), call("c1"))
    at(state, 1, e.Answer("o1", "c1", "a", "accepted"))
    attained = state.groups["help"].attained
    at(state, 2, e.Agent("a", "away"), e.Again("c1", X))
    woken(state, 900)
    assert state.groups["help"].attained == attained == 1000


def test_other_topics_and_no_groups_set_no_timer():
    state = pool()
    at(state, 0, e.Contact("c1", "phone", X, topic="family"))
    assert state.wake() is None
    assert state.groups == {}


def test_a_restored_engine_opens_it_at_the_same_instant():
    state = pool()
    at(state, 0, ready("r"), call("c1"))
    woken(state, 130)
    again = thaw(freeze(state))
    assert again.wake() == state.wake() == 3 * TARGET
    assert woken(again, 361) == woken(state, 361) == {"c1": "r"}


def test_who_comes_back_to_the_line_counts_once_a_target():
    state = pool()
    at(state, 0, ready("a"), call("c1"))
    at(state, 1, e.Answer("o1", "c1", "a", "declined"))
    woken(state, 59)
    at(state, 60, e.Tick())
    assert state.groups["help"].attained == 937
