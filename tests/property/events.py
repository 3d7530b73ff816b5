"""Random streams of events for the core: legal, illegal, late, doubled, from any gateway."""

from __future__ import annotations

from hypothesis import strategies as st

from router.core import events as e
from router.core.policy import CHANNELS, SECOND, AgentRules, ChannelRules, Policy
from router.core.state import ContactRecord, State

AGENTS = ("a1", "a2", "a3", "a4")
CONTACTS = tuple(f"c{n}" for n in range(1, 15))
SKILLS = ("housing", "family", "lang:fr")

agents = st.sampled_from(AGENTS)
contacts = st.sampled_from(CONTACTS)
levels = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 10), min_size=2, max_size=3)
minimums = st.sampled_from(({}, {}, {"housing": 3}, {"family": 5}, {"housing": 1, "lang:fr": 4}))
needs = st.lists(minimums, min_size=1, max_size=2).map(tuple)
times = st.integers(0, 90).map(lambda s: s * SECOND)
maybe_time = st.none() | times
gateways = st.sampled_from(("phone", "phone", "mail"))

arrivals = st.builds(
    e.Contact,
    contact=contacts,
    channel=st.sampled_from((*CHANNELS, "chat", "chat", "phone", "phone")),
    needs=needs,
    target=maybe_time,
    due=maybe_time,
    vulnerable=st.booleans(),
    waited=times,
    prefers=st.lists(agents, max_size=2, unique=True).map(tuple),
    prefers_for=maybe_time,
    relax=st.lists(st.builds(e.Relax, after=times, needs=needs), max_size=2).map(tuple),
    via=st.sampled_from(("", "phone", "phone", "mail")),
    topic=st.sampled_from(("", "tax", "family")),
)
people = st.builds(
    e.Agent,
    agent=agents,
    state=st.sampled_from(("ready", "ready", "ready", "away", "offline")),
    skills=st.none() | levels,
    capacity=st.none() | st.dictionaries(st.sampled_from(("phone", "chat")), st.integers(0, 3), max_size=2),
)
answers = st.builds(
    e.Answer,
    offer=st.integers(1, 20).map("o{}".format),
    contact=contacts,
    agent=agents,
    answer=st.sampled_from(("accepted", "declined", "missed")),
)
policies = st.builds(
    Policy,
    away_after_misses=st.none() | st.integers(1, 2),
    hard=st.sampled_from(((), ("family",))),
    forget_after=st.sampled_from((60 * SECOND, 3600 * SECOND)),
    channels=st.sampled_from((20, None)).map(
        lambda wrap: {
            name: ChannelRules(
                capacity=3 if name == "chat" else 1,
                exclusive=name != "chat",
                wrap_up=None if wrap is None else wrap * SECOND,
            )
            for name in CHANNELS
        }
    ),
    agents=st.just({}) | st.just({"a1": AgentRules({"family": 9})}),
)
rare = st.one_of(
    st.builds(e.Config, policy=policies, hash=st.just("h")),
    st.builds(
        e.Found,
        contact=contacts,
        where=st.sampled_from(("waiting", "bridged", "absent", "lost")),
        agent=agents,
    ),
    st.builds(e.Gateway, gateway=gateways, state=st.sampled_from(("up", "up", "down"))),
    st.builds(
        e.Device, agent=agents, gateway=gateways, state=st.sampled_from(("free", "busy", "unreachable"))
    ),
    st.builds(e.Consult, contact=contacts, second=agents),
    st.builds(
        e.Consulted,
        contact=contacts,
        second=agents,
        result=st.sampled_from(("answered", "failed", "over", "joined")),
    ),
    st.builds(e.Control, contact=contacts, what=st.sampled_from(("hold", "complete", "record", "stop"))),
    st.builds(e.Takeover, epoch=st.integers(1, 9)),
    st.builds(e.Shift, by=times),
    st.builds(e.Outcome, effect=st.integers(1, 9).map("e{}".format), result=st.just("done")),
    st.builds(e.Refused, code=st.sampled_from(("poison", "not_now")), contact=contacts),
)
common = st.one_of(
    arrivals,
    arrivals,
    people,
    answers,
    st.builds(e.Gone, contact=contacts, reason=st.sampled_from(("left", "fallback"))),
    st.builds(e.Ended, contact=contacts, agent=st.none() | agents),
    st.builds(e.Done, contact=contacts, agent=agents),
    st.builds(
        e.Again,
        contact=contacts,
        needs=needs,
        channel=st.none() | st.sampled_from(("chat", "phone")),
        prefers=st.lists(agents, max_size=1).map(tuple),
        prefers_for=maybe_time,
    ),
    st.just(e.Tick()),
)


@st.composite
def streams(draw: st.DrawFn, also: st.SearchStrategy[e.Event] = rare) -> list[tuple[int, object]]:
    """(gap in microseconds, event or the name of a reaction) in order.

    A reaction is drawn as a number and resolved against the state (`react`), or most answers would name
    offers that do not exist.
    """
    one = st.one_of(common, common, st.integers(0, 10**6), st.integers(0, 10**6), also)
    gaps = st.sampled_from((0, 0, 1, 2, 5, 14, 31)).map(lambda s: s * SECOND)
    logins = [(0, e.Agent(name, "ready", skills=draw(levels))) for name in AGENTS[:2]]
    return logins + draw(st.lists(st.tuples(gaps, one), min_size=20, max_size=70))


def react(state: State, number: int) -> e.Event:
    """A legal answer, end or wrap-up for something in somebody's hands; a tick if nobody has anything."""
    live = [c for c in state.contacts.values() if c.state in ("offered", "connected", "wrap_up")]
    if not live:
        return e.Tick()
    contact = live[number % len(live)]
    if contact.offer:
        kind = ("accepted", "accepted", "declined", "missed")[number % 4]
        return e.Answer(contact.offer, contact.contact, state.offers[contact.offer].agent, kind)
    if contact.state == "wrap_up":
        return e.Done(contact.contact, contact.agent)
    return _talk(state, contact, number // len(live))


def _talk(state: State, contact: ContactRecord, number: int) -> e.Event:
    """Something that may happen in a conversation."""
    name, second = contact.contact, contact.second
    if second is not None:
        answer = ("answered", "failed", "over", "joined")[number // 4 % 4]
        return (
            e.Consulted(name, second, answer), e.Found(name, "bridged", second),
            e.Control(name, "complete"), e.Ended(name),
        )[number % 4]  # fmt: skip
    effects = [*state.errands, *state.controls]
    colleague = sorted(state.agents)[number // 8 % len(state.agents)]
    return (
        e.Ended(name), e.Ended(name), e.Control(name, "hold"), e.Again(name, ({},)),
        e.Consult(name, colleague), e.Consult(name, colleague),
        e.Outcome(effects[number // 8 % len(effects)], "failed") if effects else e.Tick(),
        e.Found(name, "waiting"),
    )[number % 8]  # fmt: skip
