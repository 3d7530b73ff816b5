"""Whether a policy would leave somebody waiting for ever, with the worst example. Pure.

A kind of contact (channel, topic, language) starves at an agent when others, each served within their own
target, are still worth more to that agent once it has waited `ENOUGH` of its targets: a steady stream of them
keeps it out. It starves when this is so at every agent who can serve it. All terms of the score are bounded
but what grows with the wait, which never falls: so one look at that instant is a proof.
"""

from __future__ import annotations

from typing import NamedTuple

from router.core.asking import needs_of, target_of
from router.core.groups import group_of, groups_of
from router.core.policy import SECOND, AgentRules, Policy
from router.core.room import capacity_of
from router.core.score import contact_points, pair_points
from router.core.state import AgentRecord, State
from skills.eligibility import meets

ENOUGH = 20  # targets waited: twenty minutes for a call, twenty hours for an e-mail, with the usual ones
EVER = 10**9  # targets: what has not come by then never comes
LATER = 10**9 * SECOND  # an instant with room for waits before it


class Kind(NamedTuple):
    """What a citizen may come with."""

    channel: str
    topic: str
    language: str

    def __str__(self) -> str:
        about = f" about `{self.topic}`" if self.topic else ""
        return f"`{self.channel}`" + about + (f" in `{self.language}`" if self.language else "")


class Starving(NamedTuple):
    """Who would starve, and by whom."""

    kind: Kind
    wait: int | None  # microseconds until it is served all the same; None: never
    rival: Kind
    ahead: int  # points by which the rival is worth more once `kind` has waited ENOUGH
    agent: str  # where it does best


def starving(policy: Policy) -> Starving | None:
    """The kind that would wait longest, if any starves."""
    kinds = _kinds(policy)
    found: dict[Kind, Starving | None] = {}
    for agent in _agents(policy):
        able = [kind for kind in kinds if _serves(policy, agent, kind)]
        if able:
            _judge(policy, agent, able, found)
    worst = [each for each in found.values() if each is not None]
    return max(worst, key=_badness, default=None)


def _badness(one: Starving) -> tuple[bool, int, Kind]:
    return one.wait is None, one.wait or one.ahead, one.kind


def unserved(policy: Policy) -> list[Kind]:
    """What no agent of the policy can serve on any channel (`*`); empty where the policy names no agents."""
    if not policy.agents:
        return []
    agents, kinds = _agents(policy), _kinds(policy)
    served = {kind[1:] for kind in kinds for agent in agents if _serves(policy, agent, kind)}
    return [Kind("*", *about) for about in dict.fromkeys(kind[1:] for kind in kinds) if about not in served]


def closed(policy: Policy, channel: str) -> bool:
    """Whether no agent of the policy takes contacts of this channel."""
    return all(capacity_of(policy, agent, channel) == 0 for agent in _agents(policy))


def reserved(policy: Policy) -> list[tuple[str, str]]:
    """Topics that agents in reserve alone can serve, in some language, each with its group."""
    found: dict[tuple[str, str], None] = {}
    for topic in policy.topics:
        group = group_of(policy, topic)
        for tongue in policy.languages or ("",):
            needs = needs_of(policy, topic, tongue)
            able = [_record(name, each) for name, each in policy.agents.items() if meets(each.skills, needs)]
            if group and able and all(group in groups_of(policy, agent) for agent in able):
                found[topic, group] = None
    return list(found)


def _kinds(policy: Policy) -> list[Kind]:
    topics, languages = policy.topics or ("",), policy.languages or ("",)
    return [Kind(c, topic, tongue) for c in policy.channels for topic in topics for tongue in languages]


def _judge(policy: Policy, agent: AgentRecord, able: list[Kind], found: dict[Kind, Starving | None]) -> None:
    """Whatever this agent can serve, against the strongest of the rest."""
    if all(found.get(kind, kind) is None for kind in able):
        return
    worth = {kind: _worth(policy, agent, kind, _target(policy, kind)) for kind in able}
    rival = max(able, key=lambda kind: (worth[kind], kind))
    for kind in able:
        if kind in found and found[kind] is None:
            continue
        needed = _targets_until(policy, agent, kind, worth[rival])
        if needed is not None and needed <= ENOUGH:
            found[kind] = None
            continue
        wait = None if needed is None else needed * _target(policy, kind)
        ahead = worth[rival] - _worth(policy, agent, kind, ENOUGH * _target(policy, kind))
        before = found.get(kind)
        if before is None or (before.wait is None, before.wait or before.ahead) > (
            wait is None,
            wait or ahead,
        ):
            found[kind] = Starving(kind, wait, rival, ahead, agent.agent)


def _targets_until(policy: Policy, agent: AgentRecord, kind: Kind, enough: int) -> int | None:
    """How many of its targets the kind must wait to be worth so much to this agent; None: never."""
    target = _target(policy, kind)
    low, high = 0, ENOUGH
    while _worth(policy, agent, kind, high * target) < enough:
        low, high = high, high * 2
        if high > EVER:
            return None
    while low + 1 < high:
        middle = (low + high) // 2
        if _worth(policy, agent, kind, middle * target) < enough:
            low = middle
        else:
            high = middle
    return high


def _worth(policy: Policy, agent: AgentRecord, kind: Kind, waited: int) -> int:
    """What a contact of this kind that has waited so long is worth to an agent who has just come free."""
    state = State()
    state.policy, state.now = policy, LATER
    needs = (needs_of(policy, kind.topic, kind.language),)
    points = contact_points(state, kind.channel, LATER - waited, _target(policy, kind))
    return points + pair_points(policy, kind.channel, needs, agent)


def _target(policy: Policy, kind: Kind) -> int:
    target = target_of(policy, kind.topic)
    return max(policy.channels[kind.channel].target if target is None else target, SECOND)


def _serves(policy: Policy, agent: AgentRecord, kind: Kind) -> bool:
    needs = needs_of(policy, kind.topic, kind.language)
    return capacity_of(policy, agent, kind.channel) > 0 and meets(agent.skills, needs)


def _agents(policy: Policy) -> list[AgentRecord]:
    """One of each sort of agent; where the policy names none, one who can do everything."""
    rules = policy.agents
    if not rules:
        asked = [*(topic.needs for topic in policy.topics.values()), *policy.languages.values()]
        rules = {"anybody": AgentRules({skill: 10 for needs in asked for skill in needs})}
    sorts: dict[object, AgentRecord] = {}
    for name, each in sorted(rules.items()):
        alike = (tuple(sorted(each.skills.items())), tuple(sorted(each.capacity.items())))
        sorts.setdefault(alike, _record(name, each))
    return list(sorts.values())


def _record(name: str, rules: AgentRules) -> AgentRecord:
    return AgentRecord(name, "ready", "", dict(rules.skills), dict(rules.capacity))
