"""What types cannot say: names that must exist, things that exclude each other, oddities worth a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config import meaning_agency, meaning_mail, meaning_notify
from config.doubt import Doubt
from config.fault import dotted, nearest
from config.hours import Hours, Spans, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.fault import Path
    from config.gateways import Phone
    from config.tree import Tree

LIVE = ("phone", "chat", "callback", "counter", "appointment")  # a citizen is there
MENU_KEYS = 9  # a phone menu offers 1 to 9
BACKSTOP_S = 3  # an offer outlives the ringing by this, so that Dial itself says who did not answer


def doubts(tree: Tree) -> Iterator[Doubt]:
    """Everything that is wrong or odd in a tree whose types are right."""
    yield from _names(tree)
    yield from _flows(tree)
    yield from _pools(tree)
    yield from _agents(tree)
    yield from _served(tree)
    yield from _asked(tree)
    yield from _groups(tree)
    yield from _interrupts(tree)
    yield from _menu(tree)
    yield from _hours(tree)
    yield from _tokens(tree)
    yield from _site(tree)
    yield from meaning_notify.doubts(tree)
    yield from meaning_agency.doubts(tree)
    yield from meaning_mail.doubts(tree)


def _names(tree: Tree) -> Iterator[Doubt]:
    for kind, things in (("channels", tree.channels), ("topics", tree.topics)):
        for name, thing in things.items():
            if thing.target is not None and thing.target not in tree.targets:
                near = nearest(thing.target, tree.targets)
                yield Doubt((kind, name, "target"), f"no target `{thing.target}`: {near}")


def _flows(tree: Tree) -> Iterator[Doubt]:
    for key, name in (("identity", tree.flows.identity), ("diary", tree.flows.diary)):
        if name is not None and name not in tree.flows.services:
            near = nearest(name, tree.flows.services)
            yield Doubt(("flows", key), f"no service `{name}`: {near}")


def _pools(tree: Tree) -> Iterator[Doubt]:
    """A name is one pool; what overflows goes somewhere else, at some time."""
    seen: dict[str, Path] = {name: ("pools", name) for name in tree.pools}
    for outer, pool in tree.pools.items():
        for name, inner in pool.pools.items():
            path: Path = ("pools", outer, "pools", name)
            if (first := seen.setdefault(name, path)) != path:
                yield Doubt(path, f"`{dotted(first)}` has that name: an agent's `pool` must tell them apart")
            others = [each for each in pool.pools if each != name]
            if inner.overflow_to is not None and inner.overflow_to not in others:
                near = nearest(inner.overflow_to, others)
                yield Doubt(
                    (*path, "overflow_to"), f"no other pool `{inner.overflow_to}` in `{outer}`: {near}"
                )
            if tree.agents and not any(agent.pool == name for agent in tree.agents.values()):
                yield Doubt(path, "no agent has this `pool`: nobody serves what is brought to it", True)
            if inner.overflow_to is not None and inner.overflow_after_s is None:
                yield Doubt((*path, "overflow_to"), "nothing overflows without `overflow_after_s`")


def _agents(tree: Tree) -> Iterator[Doubt]:
    endpoints: dict[str, str] = {}
    for name, agent in tree.agents.items():
        if tree.outer(agent.pool) is None:
            near = nearest(
                agent.pool, [*tree.pools, *(each for pool in tree.pools.values() for each in pool.pools)]
            )
            yield Doubt(("agents", name, "pool"), f"no pool `{agent.pool}`: {near}")
        for skill in agent.skills:
            tag = skill.removeprefix("lang:")
            if skill.startswith("lang:") and tag not in tree.languages:
                near = nearest(tag, tree.languages)
                yield Doubt(("agents", name, "skills", skill), f"no language `{tag}`: {near}")
        for phone in agent.phones:
            first = endpoints.setdefault(phone, name)
            if first != name:
                message = f"`{phone}` is the endpoint of agent `{first}` too: each needs their own"
                yield Doubt(("agents", name, "endpoint"), message)


def _served(tree: Tree) -> Iterator[Doubt]:
    best: dict[str, int] = {}
    for agent in tree.agents.values():
        for skill, level in agent.skills.items():
            best[skill] = max(level, best.get(skill, 0))
    for kind, things in (("topics", tree.topics), ("languages", tree.languages)):
        for name, thing in things.items():
            for skill, least in thing.needs.items():
                if not tree.agents or best.get(skill, 0) >= least:
                    continue
                has = (
                    f"the best agent has {best[skill]}"
                    if skill in best
                    else f"no agent has it: {nearest(skill, best)}"
                )
                yield Doubt((kind, name, "needs", skill), f"needs `{skill}` {least}, {has}", warning=True)


def _asked(tree: Tree) -> Iterator[Doubt]:
    """Skills that nothing asks for: `hard` ones do nothing, an agent's may be meant for another."""
    needs = (each.needs for things in (tree.topics, tree.languages) for each in things.values())
    asked = sorted({skill for minimums in needs for skill in minimums})
    if not asked:
        return
    for name, pool in tree.pools.items():
        for index, skill in enumerate(pool.hard):
            if skill not in asked:
                message = f"no topic or language needs `{skill}`: {nearest(skill, asked)}"
                yield Doubt(("pools", name, "hard", index), message, warning=True)
    held = {skill for agent in tree.agents.values() for skill in agent.skills}
    meant = [skill for skill in asked if skill in held]  # one that nobody holds was told already
    for name, agent in tree.agents.items():
        for skill in agent.skills:
            near = nearest(skill, meant)
            if skill not in asked and near.startswith("did you mean") and not skill.startswith("lang:"):
                message = f"no topic or language needs `{skill}`: {near}"
                yield Doubt(("agents", name, "skills", skill), message, warning=True)


def _groups(tree: Tree) -> Iterator[Doubt]:
    """Who is in reserve for what: names that exist, somebody in it, one group a topic."""
    first: dict[str, str] = {}
    held = sorted({skill for agent in tree.agents.values() for skill in agent.skills})
    for name, group in tree.groups.items():
        path: Path = ("groups", name)
        for index, topic in enumerate(group.topics):
            if topic not in tree.topics:
                near = nearest(topic, tree.topics)
                yield Doubt((*path, "topics", index), f"no topic `{topic}`: {near}")
            elif first.setdefault(topic, name) != name:
                yield Doubt((*path, "topics", index), f"`{topic}` is in group `{first[topic]}` already")
        for index, agent in enumerate(group.agents):
            if agent not in tree.agents:
                yield Doubt((*path, "agents", index), f"no agent `{agent}`: {nearest(agent, tree.agents)}")
        if group.skill is not None and tree.agents and group.skill not in held:
            yield Doubt((*path, "skill"), f"no agent has `{group.skill}`: {nearest(group.skill, held)}", True)
        if group.skill is None and not group.agents:
            yield Doubt(path, "nobody is in it: name `agents`, or a `skill` that they have")
        if group.close_above < group.open_below:
            yield Doubt(
                (*path, "close_above"), "lies below `open_below`: the group would open and shut at once"
            )


def _interrupts(tree: Tree) -> Iterator[Doubt]:
    for name, channel in tree.channels.items():
        if channel.interrupted_by and name in LIVE:
            message = "a citizen is there: only work without one is laid aside"
            yield Doubt(("channels", name, "interrupted_by"), message)
        elif name in channel.interrupted_by:
            yield Doubt(("channels", name, "interrupted_by"), f"`{name}` cannot interrupt itself")


def _menu(tree: Tree) -> Iterator[Doubt]:
    if not tree.gateways.asterisks():
        return
    for kind, names in (("topics", list(tree.topics)), ("languages", list(tree.languages))):
        for name in names[MENU_KEYS:]:
            yield Doubt((kind, name), f"callers cannot choose it: the menu ends at {MENU_KEYS}", warning=True)


def _hours(tree: Tree) -> Iterator[Doubt]:
    if tree.hours is not None:
        yield from hours_doubts(tree.hours, ("hours",))
    yield from _zone(tree.citizens.time_zone, ("citizens",))


def _zone(name: str, at: Path) -> Iterator[Doubt]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Doubt((*at, "time_zone"), f"no time zone `{name}`: write it as Europe/Paris")


def hours_doubts(hours: Hours, at: Path) -> Iterator[Doubt]:
    """What makes no sense in the hours that stand there: the agency's, or a calendar's."""
    yield from _zone(hours.time_zone, at)
    for day in hours.weekly.__struct_fields__:
        yield from _spans(getattr(hours.weekly, day), (*at, "weekly", day))
    for date, spans in hours.special.items():
        yield from _spans(spans, (*at, "special", date.isoformat()))
    for index, closure in enumerate(hours.closures):
        if closure.until is not None and closure.until < closure.date:
            yield Doubt((*at, "closures", index, "until"), f"lies before its `date`, {closure.date}")


def _spans(spans: Spans, at: Path) -> Iterator[Doubt]:
    ends = 0
    for index, (start, end) in enumerate(map(minutes, spans)):
        if start >= end:
            yield Doubt((*at, index), f"`{spans[index]}` ends before it starts: split it at midnight")
        elif start < ends:
            yield Doubt((*at, index), f"`{spans[index]}` begins before `{spans[index - 1]}` is over")
        ends = max(ends, end)


def _tokens(tree: Tree) -> Iterator[Doubt]:
    seen: dict[str, Path] = {}
    for index, token in enumerate(tree.http.tokens):
        path: Path = ("http", "tokens", index)
        if (token.sha256 is None) == (token.demo is None):
            yield Doubt(path, "a token has either `sha256` or, on a demonstration, `demo`")
        elif (first := seen.setdefault(token.credential().sha256, path)) != path:
            yield Doubt(path, f"the same token as `{dotted(first)}`: each bearer needs their own")
        if token.role == "agent" and token.agent is None:
            yield Doubt(path, "a token of role agent names its `agent`")
        elif token.role != "agent" and token.agent is not None:
            yield Doubt(
                (*path, "agent"), f"only a token of role agent names an agent, this is `{token.role}`"
            )
        elif token.agent is not None and token.agent not in tree.agents:
            yield Doubt((*path, "agent"), f"no agent `{token.agent}`: {nearest(token.agent, tree.agents)}")


def _site(tree: Tree) -> Iterator[Doubt]:
    if tree.log.redis == "owned" and tree.log.password_file is not None:
        yield Doubt(("log", "password_file"), "the owned Redis has no password: it listens on a socket only")
    yield from _asterisks(tree)
    for place, phone in _phones(tree):
        for name, pool in tree.pools.items():
            if phone.ring_s + BACKSTOP_S > pool.offer_expiry_s:
                less = f"{phone.ring_s:g} s is less than {BACKSTOP_S} s below offer_expiry_s of pool `{name}`"
                yield Doubt((*place, "ring_s"), f"{less}: offers may end while phones ring", True)


def _phones(tree: Tree) -> Iterator[tuple[tuple[str, ...], Phone]]:
    """Each telephone gateway and where it is written."""
    if tree.gateways.phone is not None:
        yield ("gateways", "phone"), tree.gateways.phone
    for name, phone in tree.gateways.phones.items():
        yield ("gateways", "phones", name), phone


def _asterisks(tree: Tree) -> Iterator[Doubt]:
    """Each Asterisk has one gateway, each gateway its own port for calls."""
    if tree.gateways.phone is not None and "phone" in tree.gateways.phones:
        yield Doubt(("gateways", "phones", "phone"), "this name is that of `gateways.phone`")
    managers: dict[tuple[str, int], str] = {}
    ports: dict[tuple[str, int], str] = {}
    for place, phone in _phones(tree):
        name = place[-1]
        if (first := managers.setdefault((phone.ami.host, phone.ami.port), name)) != name:
            yield Doubt((*place, "ami"), f"the same Asterisk as `{first}`: one gateway steers each")
        if phone.agi.port and (first := ports.setdefault((phone.agi.host, phone.agi.port), name)) != name:
            yield Doubt((*place, "agi"), f"the same port as `{first}`: each takes its own calls")
