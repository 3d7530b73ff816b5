"""What gives a contact another place keeps the laws: moves, pools, direct, call-backs, relaxation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.core import events as e
from router.core.callbacks import is_open
from router.core.digest import digest
from router.core.effects import Offer
from router.core.invariants import broken
from router.core.line import FRONT, hold_of
from router.core.may import barred, reachable
from router.core.policy import SECOND, InnerPool, Policy
from router.core.snapshot import freeze, thaw
from router.core.state import ContactRecord, State
from router.core.step import step
from skills.eligibility import eligible
from tests.property import events as drawn
from tests.property.test_core_laws import drawn_for, play

pytestmark = pytest.mark.long

pools = st.sampled_from(("", "south", "north"))
maybe = st.none() | drawn.contacts
arrivals = st.builds(
    e.Contact,
    contact=drawn.contacts,
    channel=st.sampled_from(("phone", "chat", "callback", "callback", "email")),
    needs=drawn.needs,
    vulnerable=st.booleans(),
    waited=drawn.times,
    relax=st.lists(st.builds(e.Relax, after=drawn.times, needs=drawn.needs), max_size=2).map(tuple),
    citizen=st.none() | st.sampled_from(("p1", "p2")),
    via=st.sampled_from(("", "", "phone")),
    direct=st.none() | drawn.agents,
    direct_for=drawn.maybe_time,
    pool=pools,
)
callbacks = st.builds(
    e.Contact,
    contact=drawn.contacts,
    channel=st.just("callback"),
    needs=drawn.needs,
    after=drawn.contacts,
    vulnerable=st.booleans(),
    citizen=st.none() | st.sampled_from(("p1", "p2")),
)
moves = st.one_of(
    st.builds(
        e.Move,
        contact=drawn.contacts,
        to=st.sampled_from(("front", "place")),
        by=st.just("boss"),
        reason=st.just("r"),
    ),
    st.builds(
        e.Move,
        contact=drawn.contacts,
        to=st.just("agent"),
        by=st.just("boss"),
        reason=st.just("r"),
        agent=drawn.agents,
        direct_for=drawn.maybe_time,
        force=st.booleans(),
    ),
    st.builds(
        e.Move,
        contact=drawn.contacts,
        to=st.just("pool"),
        by=st.just("boss"),
        reason=st.just("r"),
        pool=pools,
    ),
)
handed = st.builds(e.Again, contact=drawn.contacts, needs=drawn.needs, pool=st.none() | pools)
people = st.builds(
    e.Agent,
    agent=drawn.agents,
    state=st.sampled_from(("ready", "ready", "away", "offline")),
    skills=st.dictionaries(
        st.sampled_from(("housing", "family", "lang:fr", "pool:south", "pool:north")),
        st.integers(1, 10),
        max_size=4,
    ),
)
streams = drawn.streams(also=st.one_of(arrivals, callbacks, moves, moves, handed, people))
policies = st.builds(
    Policy,
    skip_hopeless=st.booleans(),
    pools=st.sampled_from(
        (
            {"south": InnerPool(20 * SECOND, "north"), "north": InnerPool(30 * SECOND)},
            {"south": InnerPool(), "north": InnerPool(10 * SECOND, "south")},
        )
    ),
)


def pool(policy: Policy) -> State:
    state = State()
    state.policy = policy
    return state


def place(contact: ContactRecord) -> tuple[object, ...]:
    """All that says where a contact stands, but for what a wait changes."""
    return (contact.rank, contact.channel, contact.arrived_at, contact.target)


def whole(contact: ContactRecord) -> tuple[object, ...]:
    """What a move may change."""
    return (contact.rank, contact.needs, contact.relax, contact.prefers, contact.pool, contact.overflow_at)


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_every_state_is_sound_and_every_refusal_changes_nothing(policy, stream):
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        before = freeze(state)
        result = step(state, event, at)
        if result.refusal is not None or result.duplicate:
            assert freeze(state) == before, event
        assert broken(state) == [], event


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_the_digest_and_a_thawed_state_tell_the_same(policy, stream):
    state = pool(policy)
    half = len(stream) // 2
    play(state, stream[:half])
    twin = thaw(freeze(state))
    assert play(twin, stream[half:]) == play(state, stream[half:])
    assert digest(twin) == digest(state) == digest(thaw(freeze(state)))
    assert twin.wake() == state.wake()


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_nobody_s_place_or_channel_changes_but_by_an_act_that_names_the_contact(policy, stream):
    """Promise 4, and the rank of the law: a wait, an agent or a policy never moves anybody."""
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        before = {name: place(contact) for name, contact in state.contacts.items()}
        step(state, event, at)
        for name, was in before.items():
            contact = state.contacts.get(name)
            if contact is not None and place(contact) != was:
                assert isinstance(event, (e.Move, e.Again)), event
                assert event.contact == name
                assert contact.channel == was[1] or isinstance(event, e.Again)
                assert contact.arrived_at == was[2]


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_a_citizen_has_one_open_call_back_and_none_while_on_the_line(policy, stream):
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        result = step(state, event, at)
        opened = [c for c in state.contacts.values() if is_open(c) and c.after is not None]
        citizens = [c.citizen for c in opened if c.citizen is not None]
        assert len(citizens) == len(set(citizens)), event
        places = [c.after for c in opened]
        assert len(places) == len(set(places)), event
        applied = result.refusal is None and not result.duplicate
        if applied and isinstance(event, e.Contact) and event.channel in ("phone", "chat", "counter"):
            assert event.citizen is None or event.citizen not in citizens, event


@given(policies, streams, moves)
@settings(max_examples=60, deadline=None)
def test_a_move_undone_leaves_the_place_as_it_was(policy, stream, move):
    """Needs and preferences too: no wait of theirs ends before it is undone, in the same instant."""
    state = pool(policy)
    play(state, stream)
    contact = state.contacts.get(move.contact)
    if move.to == "place" or contact is None or contact.moved is not None or contact.direct is not None:
        return
    before, relax = whole(contact), contact.relax
    moved = step(state, move, state.now)
    if moved.refusal is not None or moved.duplicate:
        return
    if contact.relax == relax:  # no step of it was hopeless where it was moved to
        assert step(state, e.Move(move.contact, "place", "boss", "no"), state.now).refusal is None
        after = (
            contact.rank,
            contact.needs,
            contact.relax,
            contact.prefers,
            contact.pool,
            contact.overflow_at,
        )
        assert after == before or state.policy.skip_hopeless


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_no_step_of_relaxation_is_waited_for_in_vain_where_configured_so(policy, stream):
    state = pool(policy)

    def somebody(contact: ContactRecord, needs: e.Needs) -> bool:
        return any(
            agent.state == "ready"
            and agent.capacity.get(contact.channel, policy.channels[contact.channel].capacity) > 0
            and eligible(agent.skills, needs)
            for agent in state.agents.values()
        )

    for at, event in drawn_for(state, stream):
        if step(state, event, at).refusal is not None or not policy.skip_hopeless:
            continue
        for contact in state.contacts.values():
            if state.in_line(contact) and contact.relax and contact.direct is None:
                vain = not somebody(contact, contact.needs)
                assert not (vain and any(somebody(contact, each.needs) for each in contact.relax)), event


@given(policies, streams)
@settings(max_examples=60, deadline=None)
def test_an_agent_who_could_have_whom_a_supervisor_put_first_is_offered_nobody_else(policy, stream):
    state = pool(policy)
    for at, event in drawn_for(state, stream):
        for effect in step(state, event, at).effects:
            if not isinstance(effect, Offer) or hold_of(state.contacts[effect.contact]) == FRONT:
                continue
            agent, channel = state.agents[effect.agent], state.contacts[effect.contact].channel
            for other in state.contacts.values():
                if hold_of(other) == FRONT and state.in_line(other) and other.channel == channel:
                    able = eligible(agent.skills, other.needs) and reachable(agent, other.via)
                    assert not able or barred(state, other, agent), (event, effect, other)
