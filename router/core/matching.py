"""Who is offered what: after each step, over those whose chances changed.

A contact looks at the best free agent for its kind (`roster`), an agent at the first suitable contact of each
family of lines (`lines`): neither looks at more because more agents or more contacts are there. Laws 2 to 5
live here: skills and free capacity, refusals remembered, nothing waits for a poll, order by rank within a
line. A head that nobody present can serve never blocks those behind it. What it decides is what a look at
everybody would decide (`tests/property/test_plain_matching.py`).
"""

from __future__ import annotations

from contextlib import closing
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from router.core import reserve, room
from router.core.direct import worth_waiting
from router.core.groups import keeps_out, shut_for
from router.core.line import HELD, Asked, Family, Line, hold_of
from router.core.needs import needs_key
from router.core.pace import speed_points
from router.core.room import present
from router.core.score import (
    WAIT_BOUND,
    hand_points,
    hold_points,
    idle_points,
    pair_points,
    rest_points,
    score,
)
from router.core.state import AgentRecord, ContactRecord, State
from router.core.turn import Turn
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from router.core.policy import Policy


def capacity_of(state: State, agent: AgentRecord, channel: str) -> int:
    """How many contacts of a channel the agent takes at once."""
    return room.capacity_of(state.policy, agent, channel)


def has_room(state: State, agent: AgentRecord, channel: str) -> bool:
    """Ready, with free capacity for one more contact of this channel."""
    return room.room(state.policy, agent, channel)


def reachable(agent: AgentRecord, via: str) -> bool:
    """Whether the gateway of a contact sees the agent's phone."""
    return agent.devices.get(via) != "unreachable"


def may_take(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """Room for this very contact, on a phone that is there."""
    return has_room(state, agent, contact.channel) and reachable(agent, contact.via)


def serves(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """Has the skills, and is not in reserve for a topic that does well without."""
    return eligible(agent.skills, contact.needs) and not keeps_out(state, agent, contact.group)


def holds_out(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether the contact still waits for an agent it prefers rather than go to this one."""
    return bool(contact.prefers) and agent.agent not in contact.prefers and prefers_now(state, contact)


def prefers_now(state: State, contact: ContactRecord) -> bool:
    """Whether an agent it prefers, present and able, is worth waiting for still."""
    if contact.prefers_until <= state.now:
        return False
    for name in contact.prefers:
        wanted = state.agents.get(name)
        if (
            wanted is not None
            and (wanted.state == "ready" or worth_waiting(contact, wanted))
            and reachable(wanted, contact.via)
            and capacity_of(state, wanted, contact.channel) > 0
            and name not in contact.refusals
            and serves(state, wanted, contact)
        ):
            return True
    return False


def refused(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Law 3: the agent refused it, and the pause lasts or another who has not could take it."""
    end = contact.refusals.get(agent.agent)
    return end is not None and (end > state.now or another_could(state, contact))


def another_could(state: State, contact: ContactRecord) -> bool:
    """Whether somebody who has not refused it is free for it."""
    with closing(free_for(state, contact)) as free:
        return any(agent.agent not in contact.refusals for agent in free)


def barred(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether this contact's own story keeps it from this agent: the same for all of one line."""
    return refused(state, contact, agent) or holds_out(state, contact, agent)


def asked_by(state: State, contact: ContactRecord) -> Asked:
    """The index of free agents that a contact looks into."""
    shut = shut_for(state, contact.group) if contact.group else ""
    if state.in_line(contact) and not shut:
        return state.lines.line_of(contact.contact).asked
    return Asked(contact.channel, contact.via, needs_key(contact.needs), shut)


def free_for(state: State, contact: ContactRecord) -> Generator[AgentRecord, None, None]:
    """Who could take the contact but for its own story, the best first. To be closed before any offer."""
    state.roster.settle(state.agents, state.policy)
    return state.roster.in_order(asked_by(state, contact), contact.needs, state.policy, state.now)


def best_agent(state: State, contact: ContactRecord) -> AgentRecord | None:
    """The highest score; then the longest idle; then the lowest id. The wait is the same for all."""
    held = hold_of(contact) == HELD and state.in_line(contact)
    if not (contact.refusals or contact.prefers or held):
        state.roster.settle(state.agents, state.policy)
        return state.roster.best(asked_by(state, contact), contact.needs, state.policy, state.now)
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


def match(turn: Turn) -> None:
    """Make every offer that can be made: first whoever came free looks along the lines."""
    before = turn.state.offers_made
    passed_over: dict[Line, None] = {}
    match_agents(turn, passed_over)
    match_contacts(turn, passed_over, after_offers=turn.state.offers_made > before)


def match_agents(turn: Turn, passed_over: dict[Line, None]) -> None:
    """Agents first: one who came free must look along whole lines.

    The contact an agent would take next goes to whom it suits best; that other agent, though, takes the
    first of the line who may have them: nobody is overtaken (law 5) because two agents came free at once.
    """
    state = turn.state
    for name in sorted(turn.agents):
        mine = state.agents[name]
        while (first := best_contact(state, mine, passed_over)) is not None:
            agent = best_agent(state, first) or mine  # of held work not everybody is asked
            contact = first if agent is mine else best_contact(state, agent, passed_over)
            assert contact is not None  # at least `first`
            turn.make_offer(contact, agent, score(state, contact, agent))


def match_contacts(turn: Turn, passed_over: dict[Line, None], *, after_offers: bool) -> None:
    """By rank, each line's head to the agent it suits best. Where a head finds nobody, its line does not.

    An offer may be the very thing a refuser waited for: once every other able agent is taken, the contact may
    come back to them (law 3). So after each offer two sorts are looked at again: those passed over in this
    step because another was free, and those that wait for one of several they prefer. Any other that has a
    refuser free has a pause that lasts, or would have gone to who else was free (law 4).
    """
    state = turn.state
    if not turn.contacts and not after_offers:
        return
    state.roster.settle(state.agents, state.policy)
    if not state.roster:  # whoever is preferred is free too, or cannot take it
        return
    queue: list[tuple[int, str, Line]] = []
    queued: set[Line] = set()

    def look_at(lines: Iterable[Line]) -> None:
        for line in lines:
            if len(line) and line not in queued:
                queued.add(line)
                heappush(queue, (*line.head, line))

    look_at(lines_of(state, turn.contacts))
    if after_offers:
        look_at(passed_over)
        look_at(state.lines.torn())
    while queue:
        _, name, line = heappop(queue)
        queued.discard(line)
        contact = state.contacts[name]
        agent = best_agent(state, contact)
        if agent is not None:
            turn.make_offer(contact, agent, score(state, contact, agent))
            look_at((line, *passed_over, *state.lines.torn()))


def lines_of(state: State, names: Iterable[str]) -> list[Line]:
    """Where these stand, of those that stand in a line."""
    return [state.lines.line_of(name) for name in names if state.in_line(state.contacts[name])]
