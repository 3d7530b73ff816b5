"""How fast an agent is with a group of kinds, against what such contacts take everybody: a term of the
score.

Learnt when an agent wraps up, kept in that agent's own record, bounded, and so constant from the moment
they come free until they are taken. It is never an answer, a log field or a metric by itself: no listing of
people by speed can be made of what leaves the core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from skills.speed import ONE, follow, shrunk

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.policy import Policy
    from router.core.state import AgentRecord

GROUPS_MAX = 16  # kept of one agent; the least known makes room
MEMORY = 400  # observations: people change, so the average forgets
PLENTY = 50  # contacts of a channel after which the usual is known: before, nobody is fast or slow
STEP = (
    ONE // 10
)  # paces are told apart by tenths, towards the usual: nearer ones are equal, and go by idleness
SLOWEST, FASTEST = 5 * ONE, ONE // 5  # one contact counts as no slower and no faster than this
LIMIT = ONE // 2  # half the usual, or half as much again, is worth the whole weight
LANGUAGE = "lang:"  # skills that say in which language, not what about


class Pace(Struct):
    """One agent's average of own time over the usual, in thousandths."""

    n: int = 0
    mean: int = ONE


def group_of(channel: str, needs: Needs) -> str:
    """Kinds an agent is alike fast with: of a channel, first in the skills asked for but those of a language.

    Whatever the levels asked for, and in one microsecond: it is read for each kind an agent may take.
    """
    first = ""
    for each in needs:
        for skill in each:
            if (not first or skill < first) and not skill.startswith(LANGUAGE):
                first = skill
    return f"{channel} {first}"


def took(agent: AgentRecord, channel: str, needs: Needs, time: int, usual: int) -> None:
    """The agent wrapped up such a contact, which takes people `usual`."""
    group = group_of(channel, needs)
    pace = agent.paces.get(group)
    if pace is None:
        if len(agent.paces) >= GROUPS_MAX:
            del agent.paces[min(agent.paces, key=lambda name: (agent.paces[name].n, name))]
        pace = agent.paces[group] = Pace()
    seen = min(max(time * ONE // max(usual, 1), FASTEST), SLOWEST)
    pace.mean, pace.n = follow(pace.mean, pace.n, seen, MEMORY)


def pace_of(agent: AgentRecord, group: str) -> int:
    """What a contact of these kinds takes this agent, in thousandths of the usual, shrunk to everybody's."""
    pace = agent.paces.get(group)
    return ONE if pace is None else shrunk(pace.mean, pace.n, ONE)


def speed_points(policy: Policy, agent: AgentRecord, group: str) -> int:
    """The term `speed`: up to its weight either way."""
    if not policy.weights.speed:
        return 0
    ahead = min(max(ONE - pace_of(agent, group), -LIMIT), LIMIT)
    steps = abs(ahead) // STEP * policy.weights.speed // (LIMIT // STEP)
    return steps if ahead > 0 else -steps
