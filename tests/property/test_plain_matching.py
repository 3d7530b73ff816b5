"""The fast matching decides what a look at everybody decides, on random histories of all kinds."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from router.core import events as e
from router.core.policy import SECOND
from router.core.state import State
from router.core.step import step
from tests.property import plain_matching
from tests.property.events import AGENTS, levels, needs, react, streams
from tests.property.test_core_laws import encode

pytestmark = pytest.mark.long


def agree(stream, state: State | None = None) -> None:
    """The same effects, event by event, from the core and from its twin that looks at everybody."""
    state, twin = state or State(), State()
    state.policy = twin.policy = structs.replace(state.policy, reserve=0)
    at = 0
    for gap, drawn in stream:
        at += gap
        event = react(state, drawn) if isinstance(drawn, int) else drawn
        if isinstance(event, e.Config):
            event = structs.replace(event, policy=structs.replace(event.policy, reserve=0))
        fast = step(state, event, at)
        with patch("router.core.step.match", plain_matching.match):
            plain = step(twin, event, at)
        assert encode(fast.effects) == encode(plain.effects), event


@given(streams())
@settings(max_examples=60, deadline=None)
def test_on_histories_of_every_event(stream):
    agree(stream)


@st.composite
def quarrels(draw: st.DrawFn) -> list[tuple[int, object]]:
    """Many agents who decline and miss, few kinds, preferences, chats side by side, absent phones."""
    names = [*AGENTS, "a5", "a6", "a7"]
    some = st.sampled_from(names)
    arrivals = st.builds(
        e.Contact,
        contact=st.integers(1, 60).map("c{}".format),
        channel=st.sampled_from(("phone", "chat", "chat", "email")),
        needs=needs,
        target=st.none() | st.just(30 * SECOND),
        waited=st.sampled_from((0, 0, 5 * SECOND, 40 * SECOND)),
        prefers=st.lists(some, max_size=3, unique=True).map(tuple) | st.just(()),
        via=st.sampled_from(("", "phone", "mail")),
    )
    about = st.one_of(
        st.builds(
            e.Agent, agent=some, state=st.sampled_from(("ready", "ready", "away")), skills=st.none() | levels
        ),
        st.builds(
            e.Device,
            agent=some,
            gateway=st.just("phone"),
            state=st.sampled_from(("free", "busy", "unreachable")),
        ),
        st.builds(
            e.Gateway, gateway=st.sampled_from(("phone", "mail")), state=st.sampled_from(("up", "down"))
        ),
        st.just(e.Tick()),
    )
    answers = st.integers(0, 10**6).map(lambda n: n // 4 * 4 + (2, 3, 0, 2)[n % 4])  # mostly no
    gaps = st.sampled_from((0, 0, 1, 3, 29, 31)).map(lambda s: s * SECOND)
    logins = [(0, e.Agent(name, "ready", skills=draw(levels))) for name in names]
    one = st.one_of(arrivals, arrivals, answers, answers, answers, about)
    return logins + draw(st.lists(st.tuples(gaps, one), min_size=40, max_size=120))


@given(quarrels())
@settings(max_examples=60, deadline=None)
def test_where_much_is_refused(stream):
    agree(stream)
