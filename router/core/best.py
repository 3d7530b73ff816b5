"""The best for one another: the agent whom a contact suits best, the contact that an agent takes next.

A contact looks at the best free agent for its kind (`roster`), an agent at the first suitable contact of each
family of lines (`lines`): neither looks at more because more agents or more contacts are there. Order by rank
within a line, law 5, lives here. It offers nothing: `matching` does.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from router.core import reserve, room
from router.core.groups import keeps_out
from router.core.line import HELD, Family, Line, hold_of
from router.core.may import asked_by, barred, free_for, may_take, prefers_now, reachable, refused, serves
from router.core.pace import speed_points
from router.core.room import present
from router.core.score import WAIT_BOUND, hand_points, hold_points, idle_points, pair_points, rest_points
from skills.eligibility import eligible

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.core.state import AgentRecord, ContactRecord, State


def best_agent(state: State, contact: ContactRecord) -> AgentRecord | None:
    """The highest score; then the longest idle; then the lowest id. The wait is the same for all."""
    state.roster.settle(state.agents, state.policy)
    first = state.roster.best(asked_by(state, contact), contact.needs, state.policy, state.now)
    held = hold_of(contact) == HELD and state.in_line(contact)
    if first is None or not (contact.refusals or contact.prefers or held):
        return first
    if prefers_now(state, contact):
        return best_preferred(state, contact, held)
    kept = False  # somebody who could take it belongs to the reserve
    sparing = reserve.Sparing(state, contact)
    lenient: AgentRecord | None = None  # the best of those who refused it, their pauses over
    with closing(free_for(state, contact)) as free:
        for tried, agent in enumerate(free):
            end = contact.refusals.get(agent.agent)
            if held and tried == reserve.LOOKS_MAX:
                return None
            if held and not sparing.spares(agent):
                kept = kept or end is None
                continue
            if end is None:
                return agent
            if lenient is None and end <= state.now:
                lenient = agent
    return None if kept else lenient


def best_preferred(state: State, contact: ContactRecord, held: bool = False) -> AgentRecord | None:
    """The best of those it prefers, while it waits for one of them."""
    able = [
        (-pair_points(state.policy, contact.channel, contact.needs, agent) - idle_points(state, agent),
         agent.idle_since, name)
        for name in contact.prefers
        if (agent := state.agents.get(name)) is not None
        and may_take(state, agent, contact)
        and serves(state, agent, contact)
        and not refused(state, contact, agent)
        and not (held and not reserve.spares(state, agent, contact))
    ]  # fmt: skip
    return state.agents[min(able)[2]] if able else None


def best_contact(
    state: State, agent: AgentRecord, unless_another: dict[Line, None] | None = None
) -> ContactRecord | None:
    """Of the first suitable contacts of families: the highest score; then the lowest rank, the lowest id.

    Into `unless_another` go lines it would be asked again for, were not another free who never refused:
    lines, for that other may take the head, and who stands behind it must be looked at all the same.
    """
    policy, skills, contacts = state.policy, agent.skills, state.contacts
    if not present(agent) or state.roster.full(agent, policy):
        return None
    weights, now = policy.weights, state.now
    weight, paces = weights.fit, agent.paces if weights.speed else None
    best: tuple[int, int, str] | None = None
    ways: dict[tuple[str, int], int | None] = {}  # channel, hold -> what that is worth; None: no room
    for family, fit in state.prospects.of(agent, state.lines):
        heads = family.heads
        if not heads:
            continue
        way = family.way
        if way not in ways:
            ways[way] = way_points(policy, agent, *way) if room.room(policy, agent, way[0]) else None
        worth = ways[way]
        if worth is None or ((agent.devices or family.group) and not admits(state, family, agent)):
            continue
        worth += weight * fit
        if paces and family.paced_as in paces:  # others are as fast as anybody
            worth += speed_points(policy, agent, family.paced_as)
        for rank, name, line in heads:
            waited = weights.wait * (now - rank) // family.target  # `score.wait_points`, written out
            points = worth + (waited if waited < WAIT_BOUND else WAIT_BOUND)
            if best is not None and (-points, rank, name) > best and not family.storied:
                break  # of one family the first is worth most, and no story is left to note
            if not eligible(skills, line.needs):
                continue
            if line.story is not None and barred(state, contacts[name], agent):
                if unless_another is not None and agent.agent in line.story.past:
                    unless_another[line] = None
                continue
            if agent.strained:
                points += rest_points(policy, line.needs, agent)
            key = (-points, rank, name)
            if best is not None and key > best:
                break
            if family.hold == HELD and not reserve.spares(state, agent, contacts[name]):
                continue
            best = key
            break
    return None if best is None else contacts[best[2]]


def way_points(policy: Policy, agent: AgentRecord, channel: str, hold: int) -> int:
    """What does not depend on the contact but for its channel and the kind of line it stands in."""
    return hand_points(policy, channel, agent) + hold_points(policy, channel, hold)


def admits(state: State, family: Family, agent: AgentRecord) -> bool:
    """Whether a phone that is not there, or a reserve group that is shut, keeps the agent from a family."""
    if agent.devices and not reachable(agent, family.via):
        return False
    return not (family.group and keeps_out(state, agent, family.group))
