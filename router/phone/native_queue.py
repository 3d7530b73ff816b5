"""Whose phones Asterisk's own queue may ring: the members there are against those there should be. Pure.

Agents who are ready are members, those who are away are paused ones, others are none, so that the queue
serves with the right people whenever Guichet does not. What a site wrote into its queues.conf is the site's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.phone.ami_agents import QUEUE, QueueAdd, QueuePause, QueueRemove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from router.core.state import State

Change = QueueAdd | QueuePause | QueueRemove


def interface(endpoint: str) -> str:
    """The member that rings for an agent: with several phones the first, lest two callers ring one person."""
    return f"PJSIP/{endpoint.split('.')[0]}"


def members(rows: Iterable[Mapping[str, str]]) -> dict[str, bool]:
    """The members that may be changed, and whether each is paused, by `QueueStatus`."""
    return {
        row.get("location", ""): row.get("paused") == "1"
        for row in rows
        if row.get("event") == "QueueMember"
        and row.get("queue") == QUEUE
        and row.get("membership") != "static"
    }


def wanted(state: State, agents: Iterable[str]) -> dict[str, bool]:
    """Those of these agents who should be members, and whether paused."""
    known = ((agent, state.agents.get(agent)) for agent in agents)
    return {agent: one.state == "away" for agent, one in known if one is not None and one.state != "offline"}


def changes(
    endpoints: Mapping[str, str], agents: Iterable[str], wants: Mapping[str, bool], there: Mapping[str, bool]
) -> Iterator[Change]:
    """What makes the members `there` those that are wanted, as far as these agents are concerned."""
    for agent in agents:
        member = interface(endpoints[agent])
        paused = wants.get(agent)
        if paused is None:
            if member in there:
                yield QueueRemove(member)
        elif member not in there:
            yield QueueAdd(member, agent, str(paused).lower())
        elif there[member] != paused:
            yield QueuePause(member, str(paused).lower())


def strangers(endpoints: Mapping[str, str], there: Iterable[str]) -> Iterator[QueueRemove]:
    """Members who are no agent's phone any more: the configuration has changed since they were added."""
    ours = {interface(endpoint) for endpoint in endpoints.values()}
    return (QueueRemove(member) for member in sorted(set(there) - ours))


def after(there: Mapping[str, bool], change: Change) -> dict[str, bool]:
    """The members once this is done."""
    match change:
        case QueueRemove():
            return {member: paused for member, paused in there.items() if member != change.interface}
        case QueueAdd() | QueuePause():
            return {**there, change.interface: change.paused == "true"}
