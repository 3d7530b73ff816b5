"""Who is offered what: after each step, over those whose chances changed. A plain scan, made strong later.

Laws 2 to 5 live here: skills and free capacity, refusals remembered, nothing waits for a poll, order by rank
within a line. A head that nobody present can serve never blocks those behind it.
"""

from __future__ import annotations

from router.core.score import Score, score
from router.core.state import AgentRecord, ContactRecord, State
from router.core.turn import Turn
from skills.eligibility import eligible


def capacity_of(state: State, agent: AgentRecord, channel: str) -> int:
    """How many contacts of a channel the agent takes at once."""
    named = agent.capacity.get(channel)
    return state.policy.channels[channel].capacity if named is None else named


def has_room(state: State, agent: AgentRecord, channel: str) -> bool:
    """Ready, with free capacity for one more contact of this channel."""
    if agent.state != "ready" or agent.releasing:
        return False
    capacity = capacity_of(state, agent, channel)
    if not agent.hands:
        return capacity > 0
    channels = state.policy.channels
    if channels[channel].exclusive:
        return False
    held = 0
    for other in agent.hands.values():
        if channels[other].exclusive:
            return False
        held += other == channel
    return held < capacity


def holds_out(state: State, contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether the contact still waits for an agent it prefers, present and able, rather than this one."""
    if contact.prefers_until <= state.now or not contact.prefers or agent.agent in contact.prefers:
        return False
    for name in contact.prefers:
        wanted = state.agents.get(name)
        if (
            wanted is not None
            and wanted.state == "ready"
            and capacity_of(state, wanted, contact.channel) > 0
            and name not in contact.refusals
            and eligible(wanted.skills, contact.needs)
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
        and has_room(state, other, contact.channel)
        and eligible(other.skills, contact.needs)
        for other in state.agents.values()
    )


def best_agent(state: State, contact: ContactRecord) -> tuple[AgentRecord, Score] | None:
    """The highest score; then the longest idle; then the lowest id."""
    best: tuple[int, int, str] | None = None
    choice: tuple[AgentRecord, Score] | None = None
    for agent in state.agents.values():
        if (
            has_room(state, agent, contact.channel)
            and eligible(agent.skills, contact.needs)
            and not refused(state, contact, agent)
            and not holds_out(state, contact, agent)
        ):
            worth = score(state, contact, agent)
            key = (-worth.total, agent.idle_since, agent.agent)
            if best is None or key < best:
                best, choice = key, (agent, worth)
    return choice


def best_contact(state: State, agent: AgentRecord) -> ContactRecord | None:
    """Of the first suitable contact in each line: the highest score; then the lowest rank, the lowest id."""
    best: tuple[int, int, str] | None = None
    choice: ContactRecord | None = None
    for line in state.lines:
        if not has_room(state, agent, line.channel) or not eligible(agent.skills, line.needs):
            continue
        for _, name in line.places:
            contact = state.contacts[name]
            if refused(state, contact, agent) or holds_out(state, contact, agent):
                continue
            key = (-score(state, contact, agent).total, contact.rank, name)
            if best is None or key < best:
                best, choice = key, contact
            break
    return choice


def match(turn: Turn) -> None:
    """Make every offer that can be made.

    An offer may be the very thing a refuser waited for: once every other able agent is taken, the contact may
    come back to them (law 3). So contacts that somebody refused are looked at again until nothing moves.
    """
    made = turn.state.offers_made
    match_agents(turn)
    match_contacts(turn)
    while turn.state.offers_made > made and turn.state.refused:
        made = turn.state.offers_made
        turn.contacts.update(dict.fromkeys(turn.state.refused))
        match_contacts(turn)


def match_agents(turn: Turn) -> None:
    """Agents first: one who came free must look along whole lines.

    The contact an agent would take next goes to whom it suits best; that other agent, though, takes the
    first of the line who may have them: nobody is overtaken (law 5) because two agents came free at once.
    """
    state = turn.state
    for name in sorted(turn.agents):
        while (first := best_contact(state, state.agents[name])) is not None:
            agent = _choice(best_agent(state, first))
            contact = best_contact(state, agent)
            assert contact is not None  # at least `first`
            turn.make_offer(contact, agent, score(state, contact, agent))


def match_contacts(turn: Turn) -> None:
    """In order of rank, each to the agent it suits best."""
    state = turn.state
    touched = [state.contacts[name] for name in turn.contacts]
    waiting = [contact for contact in touched if contact.state == "waiting" and not contact.aside]
    for contact in sorted(waiting, key=lambda c: (c.rank, c.contact)):
        found = best_agent(state, contact)
        if found is not None:
            turn.make_offer(contact, *found)


def _choice(found: tuple[AgentRecord, Score] | None) -> AgentRecord:
    assert found is not None  # whoever found the contact can take it
    return found[0]
