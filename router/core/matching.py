"""Who is offered what: after each step, over those whose chances changed.

A contact looks at the longest idle of each profile, an agent at the head of each line: neither looks at more
because more agents or more contacts are there. Laws 2 to 5 live here: skills and free capacity, refusals
remembered, nothing waits for a poll, order by rank within a line. A head that nobody present can serve never
blocks those behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.core import room
from router.core.direct import worth_waiting
from router.core.groups import keeps_out, shut_for
from router.core.roster import Idle
from router.core.score import idle_points, score, wait_points
from router.core.state import AgentRecord, ContactRecord, State
from router.core.turn import Turn
from skills.eligibility import eligible
from skills.fit import fit


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
    if end is None:
        return False
    return end > state.now or any(
        name not in contact.refusals for _, free in free_for(state, contact) for _, name in free
    )


def barred(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether this contact's own story keeps it from this agent."""
    return refused(state, contact, agent) or holds_out(state, contact, agent)


def free_for(state: State, contact: ContactRecord) -> Iterator[tuple[int, list[Idle]]]:
    """Who could take the contact but for its own story: the fit, and agents alike, the longest idle first."""
    state.roster.settle(state.agents, state.policy)
    for profile, fits in state.roster.able(contact.needs, shut_for(state, contact.group)).items():
        for free in profile.free_for(contact.channel, contact.via, state.policy):
            if free:
                yield fits, free


def best_agent(state: State, contact: ContactRecord) -> AgentRecord | None:
    """The highest score; then the longest idle; then the lowest id. The wait is the same for all."""
    storied = bool(contact.refusals or contact.prefers)
    if storied and prefers_now(state, contact):
        return best_preferred(state, contact)
    weight = state.policy.weights.fit
    best: tuple[int, int, str] | None = None
    choice: AgentRecord | None = None
    for fits, free in free_for(state, contact):
        for since, name in free:
            agent = state.agents[name]
            if storied and refused(state, contact, agent):
                continue
            key = (-weight * fits - idle_points(state, agent), since, name)
            if best is None or key < best:
                best, choice = key, agent
            break  # of agents alike, one who idles longer is never worth less
    return choice


def best_preferred(state: State, contact: ContactRecord) -> AgentRecord | None:
    """The best of those it prefers, while it waits for one of them."""
    weight = state.policy.weights.fit
    able = [
        (-weight * fit(agent.skills, contact.needs) - idle_points(state, agent), agent.idle_since, name)
        for name in contact.prefers
        if (agent := state.agents.get(name)) is not None
        and may_take(state, agent, contact)
        and serves(state, agent, contact)
        and not refused(state, contact, agent)
    ]
    return state.agents[min(able)[2]] if able else None


def best_contact(state: State, agent: AgentRecord) -> ContactRecord | None:
    """Of the first suitable contact in each line: the highest score; then the lowest rank, the lowest id."""
    weight = state.policy.weights.fit
    best: tuple[int, int, str] | None = None
    choice: ContactRecord | None = None
    state.roster.settle(state.agents, state.policy)
    profile = state.roster.profile_of(agent)
    for line in state.lines:
        if not has_room(state, agent, line.channel):
            continue
        fits = state.roster.able(line.needs, shut_for(state, line.group), line.key).get(profile)
        if fits is None:
            continue
        for rank, name in line.places:
            contact = state.contacts[name]
            if (contact.refusals or contact.prefers) and barred(state, contact, agent):
                continue
            if agent.devices and not reachable(agent, contact.via):
                continue
            key = (-weight * fits - wait_points(state, rank, contact.target), rank, name)
            if best is None or key < best:
                best, choice = key, contact
            break
    return choice


def match(turn: Turn) -> None:
    """Make every offer that can be made.

    An offer may be the very thing a refuser waited for: once every other able agent is taken, the contact may
    come back to them (law 3). So after offers, contacts that somebody refused are looked at again, all at
    once and in order of rank, until nothing moves.
    """
    state = turn.state
    before, made = state.offers_made, -1
    match_agents(turn)
    while state.offers_made > made:
        made = state.offers_made
        if made > before:
            turn.contacts.update(dict.fromkeys(state.refused))
        match_contacts(turn)


def match_agents(turn: Turn) -> None:
    """Agents first: one who came free must look along whole lines.

    The contact an agent would take next goes to whom it suits best; that other agent, though, takes the
    first of the line who may have them: nobody is overtaken (law 5) because two agents came free at once.
    """
    state = turn.state
    for name in sorted(turn.agents):
        while (first := best_contact(state, state.agents[name])) is not None:
            agent = best_agent(state, first)
            assert agent is not None  # whoever found the contact can take it
            contact = best_contact(state, agent)
            assert contact is not None  # at least `first`
            turn.make_offer(contact, agent, score(state, contact, agent))


def match_contacts(turn: Turn) -> None:
    """In order of rank, each to the agent it suits best."""
    state = turn.state
    touched = [state.contacts[name] for name in turn.contacts]
    waiting = [contact for contact in touched if state.in_line(contact)]
    for contact in sorted(waiting, key=lambda c: (c.rank, c.contact)):
        agent = best_agent(state, contact)
        if agent is not None:
            turn.make_offer(contact, agent, score(state, contact, agent))
