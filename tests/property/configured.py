"""Random policies with everything that is off by default: mixes, interrupts, limits, reserve groups."""

from __future__ import annotations

from hypothesis import strategies as st

from router.core.policy import CHANNELS, SECOND, ChannelRules, Group, Limit, Policy, Topic
from tests.property.events import AGENTS, SKILLS

TOPICS = ("tax", "family")

limits = st.none() | st.builds(
    Limit,
    max_waiting=st.none() | st.integers(0, 3),
    max_wait=st.none() | st.integers(1, 40).map(lambda s: s * SECOND),
    overflow=st.sampled_from(("refuse", "divert", "relax")),
)
others = st.lists(st.sampled_from(CHANNELS), max_size=2, unique=True).map(tuple)


@st.composite
def channels(draw: st.DrawFn) -> dict[str, ChannelRules]:
    """Chats and e-mails of any mix; calls that interrupt e-mails, or do not."""
    rules = {}
    for name in CHANNELS:
        exclusive = draw(st.booleans()) if name in ("chat", "email") else True
        rules[name] = ChannelRules(
            capacity=draw(st.integers(1, 3)) if name in ("chat", "email") else 1,
            exclusive=exclusive,
            wrap_up=draw(st.none() | st.just(20 * SECOND)),
            beside=draw(others),
            load=draw(st.sampled_from((0, 0, 30, 60, 100))),
            interrupted_by=draw(others) if name == "email" else (),
            limit=draw(limits),
        )
    return rules


groups = st.builds(
    Group,
    topics=st.just(TOPICS) | st.just(TOPICS[:1]),
    skill=st.sampled_from(("", *SKILLS)),
    agents=st.lists(st.sampled_from(AGENTS), max_size=2, unique=True).map(tuple),
    promised=st.sampled_from((50, 80, 100)),
    open_below=st.sampled_from((60, 90)),
    close_above=st.sampled_from((100, 125)),
)
topics = st.builds(
    Topic,
    needs=st.just({}),
    refusal_pause=st.none() | st.just(5 * SECOND),
    away_after_misses=st.none() | st.integers(1, 2),
    limit=limits,
)
configured = st.builds(
    Policy,
    channels=channels(),
    topics=st.fixed_dictionaries({}, optional=dict.fromkeys(TOPICS, topics)),
    groups=st.just({}) | groups.map(lambda group: {"reserve": group}),
)
