"""Pools inside one: whose contact it is, hand-over and overflow with the place kept."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.digest import digest
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.policy import SECOND, InnerPool, Policy
from router.core.pools import needs_in
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

X: e.Needs = ({"x": 1},)
POLICY = Policy(
    pools={"south": InnerPool(60 * SECOND, "north"), "north": InnerPool(90 * SECOND), "west": InnerPool()}
)


def centre(**agents: dict[str, int]) -> State:
    state = State()
    state.policy = POLICY
    for name, skills in agents.items():
        at(state, 0, e.Agent(name, "ready", skills=skills))
    return state


def at(state: State, seconds: float, *events: e.Event):
    """The effects of these events at this second; the state is sound after each and survives a restart."""
    found = []
    for event in events:
        result = step(state, event, round(seconds * SECOND))
        assert result.refusal is None, result.refusal.message
        assert broken(state) == [], event
        assert digest(state) == digest(thaw(freeze(state))), event
        assert freeze(thaw(freeze(state))) == freeze(state)
        found += result.effects
    return found


def code(state: State, seconds: float, event: e.Event) -> str:
    refusal = step(state, event, round(seconds * SECOND)).refusal
    assert refusal is not None
    return refusal.code


def offers(effects):
    return [(x.contact, x.agent) for x in effects if isinstance(x, Offer)]


def test_a_contact_of_a_pool_is_for_its_agents_alone():
    state = centre(anybody={"x": 9}, south={"x": 1, "pool:south": 1})
    assert offers(at(state, 1, e.Contact("c", "phone", X, pool="south"))) == [("c", "south")]
    assert offers(at(state, 1, e.Contact("d", "phone", X))) == [("d", "anybody")]


def test_a_supervisor_hands_it_over_and_it_keeps_its_place():
    state = centre()
    at(state, 1, e.Contact("c", "phone", X, pool="south"))
    at(state, 2, e.Contact("d", "phone", X, pool="north"))
    at(state, 9, e.Move("c", "pool", "boss", "south closes", pool="north"))
    contact = state.contacts["c"]
    assert (contact.pool, contact.rank, contact.needs) == ("north", 1 * SECOND, ({"x": 1, "pool:north": 1},))
    assert offers(at(state, 10, e.Agent("n", "ready", skills={"x": 1, "pool:north": 1}))) == [("c", "n")]


def test_a_transfer_into_another_pool_keeps_first_arrival_and_one_without_keeps_the_pool():
    state = centre(s={"x": 1, "pool:south": 1})
    at(state, 1, e.Contact("c", "phone", X, pool="south"), e.Answer("o1", "c", "s", "accepted"))
    at(state, 5, e.Again("c", ({"y": 1},)))
    assert state.contacts["c"].needs == ({"y": 1, "pool:south": 1},)
    at(state, 6, e.Agent("s", "ready", skills={"y": 1, "pool:south": 1}))
    at(state, 40, e.Tick())
    offer = state.contacts["c"].offer
    at(state, 40, e.Answer(offer, "c", "s", "accepted"), e.Again("c", X, pool="north"))  # type: ignore[arg-type]
    contact = state.contacts["c"]
    assert (contact.needs, contact.rank) == (({"x": 1, "pool:north": 1},), 1 * SECOND)
    assert contact.overflow_at == 130 * SECOND


def test_after_its_wait_another_pool_serves_it_too_and_its_own_goes_on():
    state = centre(n={"x": 1, "pool:north": 1})
    told = at(state, 1, e.Contact("c", "phone", X, pool="south"))
    assert (offers(told), state.wake()) == ([], 61 * SECOND)
    assert offers(at(state, 61, e.Tick())) == [("c", "n")]
    assert state.contacts["c"].overflow_at == 0
    at(state, 62, e.Answer("o1", "c", "n", "declined"))
    assert offers(at(state, 63, e.Agent("s", "ready", skills={"x": 1, "pool:south": 1}))) == [("c", "s")]
    assert state.contacts["c"].rank == 1 * SECOND


def test_an_overflow_to_nobody_in_particular_is_for_everybody():
    state = centre(anybody={"x": 1})
    at(state, 1, e.Contact("c", "phone", X, pool="north"))
    assert offers(at(state, 91, e.Tick())) == [("c", "anybody")]


def test_waiting_done_elsewhere_counts_and_a_pool_without_overflow_keeps_it():
    state = centre(n={"x": 1, "pool:north": 1})
    assert offers(at(state, 1, e.Contact("c", "phone", X, pool="south", waited=60 * SECOND))) == [("c", "n")]
    at(state, 2, e.Contact("w", "phone", X, pool="west"))
    assert state.contacts["w"].overflow_at == 0


def test_a_contact_overflows_while_its_gateway_is_down_or_it_is_on_offer():
    state = centre(s={"x": 1, "pool:south": 1}, n={"x": 1, "pool:north": 1})
    at(state, 50, e.Contact("busy", "phone", X, pool="north"))
    at(state, 50, e.Contact("c", "phone", X, pool="south", waited=50 * SECOND))
    at(state, 60, e.Tick())
    assert state.contacts["c"].state == "offered"
    assert len(state.contacts["c"].needs) == 2
    at(
        state,
        61,
        e.Contact("d", "phone", X, pool="south", via="p"),
        e.Gateway("p", "up"),
        e.Gateway("p", "down"),
    )
    at(state, 300, e.Gateway("p", "up"))
    assert len(state.contacts["d"].needs) == 2


def test_relaxation_stays_in_the_pool():
    state = centre()
    at(state, 1, e.Contact("c", "phone", X, pool="west", relax=(e.Relax(5 * SECOND, ({},)),)))
    at(state, 6, e.Tick())
    assert state.contacts["c"].needs == ({"pool:west": 1},)


def test_a_clock_that_jumped_moves_the_overflow():
    state = centre()
    at(state, 1, e.Contact("c", "phone", X, pool="south"), e.Shift(7 * SECOND))
    assert state.contacts["c"].overflow_at == 68 * SECOND


def test_leaving_a_pool_leaves_no_alternative_twice():
    assert needs_in("", ({"x": 1, "pool:north": 1}, {"x": 1, "pool:south": 1})) == ({"x": 1},)


@pytest.mark.parametrize(
    "event",
    [
        e.Contact("c", "phone", X, pool="east"),
        e.Contact("c", "phone", ({f"s{n}": 1 for n in range(32)},), pool="south"),
        e.Contact("c", "phone", X, pool="south", relax=(e.Relax(1, ({f"s{n}": 1 for n in range(32)},)),)),
        e.Again("held", X, pool="east"),
        e.Again("held", ({f"s{n}": 1 for n in range(32)},)),
    ],
)
def test_a_pool_that_is_not_there_or_needs_without_room(event):
    state = centre(s={"x": 1, "pool:south": 1})
    at(state, 0, e.Contact("held", "phone", X, pool="south"), e.Answer("o1", "held", "s", "accepted"))
    assert code(state, 1, event) == "bad_field"


def test_so_many_alternatives_that_not_all_have_room_keep_the_other_pool_s():
    state = centre()
    many = tuple({"x": 1, f"s{n}": 1} for n in range(32))
    at(state, 1, e.Contact("c", "phone", many, pool="south"))
    at(state, 61, e.Tick())
    needs = state.contacts["c"].needs
    assert needs == needs_in("north", many)
    assert len(needs) == 32


def test_steps_to_come_overflow_too():
    state = centre(n={"pool:north": 1})
    at(state, 1, e.Contact("c", "phone", X, pool="south", relax=(e.Relax(90 * SECOND, ({},)),)))
    at(state, 61, e.Tick())
    assert offers(at(state, 91, e.Tick())) == [("c", "n")]


def test_a_policy_whose_pool_overflows_into_nowhere_is_refused():
    wrong = Policy(pools={"south": InnerPool(60 * SECOND, "nowhere")})
    assert code(centre(), 1, e.Config(wrong, "h")) == "bad_field"
    assert at(centre(), 1, e.Config(POLICY, "h")) == []
