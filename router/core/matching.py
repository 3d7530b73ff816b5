"""Who is offered what: after each step, over those whose chances changed. A plain scan, made strong later.

Laws 2 to 5 live here: skills and free capacity, refusals remembered, nothing waits for a poll, order by rank
within a line. A head that nobody present can serve never blocks those behind it.
"""

from __future__ import annotations

from router.core.score import idle_points, score, wait_points
from router.core.state import AgentRecord, ContactRecord, State
from router.core.turn import Turn


def capacity_of(state: State, agent: AgentRecord, channel: str) -> int:
    """How many contacts of a channel the agent takes at once."""
    named = agent.capacity.get(channel)
    return state.policy.channels[channel].capacity if named is None else named


def has_room(state: State, agent: AgentRecord, channel: str) -> bool:
    """Ready, with free capacity for one more contact of this channel."""
    if agent.state != "ready" or agent.releasing:
        return False
    capacity = capacity_of(state, agent, channel)
    channels = state.policy.channels
    if agent.devices and channels[channel].exclusive and "busy" in agent.devices.values():
        return False  # on the phone with a call that is none of ours
    if not agent.hands:
        return capacity > 0
    if channels[channel].exclusive:
        return False
    held = 0
    for other in agent.hands.values():
        if channels[other].exclusive:
            return False
        held += other == channel
    return held < capacity


def reachable(agent: AgentRecord, via: str) -> bool:
    """Whether the gateway of a contact sees the agent's phone."""
    return agent.devices.get(via) != "unreachable"


def may_take(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """Room for this very contact, on a phone that is there."""
    return has_room(state, agent, contact.channel) and reachable(agent, contact.via)


def holds_out(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether the contact still waits for an agent it prefers, present and able, rather than this one."""
    if contact.prefers_until <= state.now or not contact.prefers or agent.agent in contact.prefers:
        return False
    for name in contact.prefers:
        wanted = state.agents.get(name)
        if (
            wanted is not None
            and wanted.state == "ready"
            and reachable(wanted, contact.via)
            and capacity_of(state, wanted, contact.channel) > 0
            and name not in contact.refusals
            and state.fits.row(contact.needs).of(wanted) is not None
        ):
            return True
    return False


def refused(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Law 3: the agent refused it, and the pause lasts or another who has not could take it."""
    end = contact.refusals.get(agent.agent)
    if end is None:
        return False
    return end > state.now or any(
        other.agent not in contact.refusals
        and may_take(state, other, contact)
        and state.fits.row(contact.needs).of(other) is not None
        for other in state.agents.values()
    )


def barred(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether this contact's own story keeps it from this agent."""
    return refused(state, contact, agent) or holds_out(state, contact, agent)


def best_agent(state: State, contact: ContactRecord) -> AgentRecord | None:
    """The highest score; then the longest idle; then the lowest id. The wait is the same for all."""
    row, weight = state.fits.row(contact.needs), state.policy.weights.fit
    exclusive = state.policy.channels[contact.channel].exclusive
    storied = bool(contact.refusals or contact.prefers)
    best: tuple[int, int, str] | None = None
    choice: AgentRecord | None = None
    for agent in state.agents.values():
        if (exclusive and agent.hands) or not may_take(state, agent, contact):
            continue
        fit = row.of(agent)
        if fit is None or (storied and barred(state, contact, agent)):
            continue
        key = (-weight * fit - idle_points(state, agent), agent.idle_since, agent.agent)
        if best is None or key < best:
            best, choice = key, agent
    return choice


def best_contact(state: State, agent: AgentRecord) -> ContactRecord | None:
    """Of the first suitable contact in each line: the highest score; then the lowest rank, the lowest id."""
    weight = state.policy.weights.fit
    best: tuple[int, int, str] | None = None
    choice: ContactRecord | None = None
    for line in state.lines:
        if (
            not has_room(state, agent, line.channel)
            or (fit := state.fits.row(line.needs, line.key).of(agent)) is None
        ):
            continue
        for rank, name in line.places:
            contact = state.contacts[name]
            if (contact.refusals or contact.prefers) and barred(state, contact, agent):
                continue
            if agent.devices and not reachable(agent, contact.via):
                continue
            key = (-weight * fit - wait_points(state, rank, contact.target), rank, name)
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
