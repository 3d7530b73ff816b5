"""Who may take a contact: skills and room, the agent's phone, reserve groups, and the contact's own story.

Laws 2 and 3 live here: skills and free capacity, refusals remembered. Each answer is about one contact, and
one agent or whoever is free; none of them offers anything or says whom a contact suits best (`best`).
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from router.core import room
from router.core.direct import worth_waiting
from router.core.groups import keeps_out, shut_for
from router.core.line import Asked
from router.core.needs import needs_key
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Generator

    from router.core.state import AgentRecord, ContactRecord, State


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
