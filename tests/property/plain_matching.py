"""Matching as the laws say it, by a look at every agent and every contact: what the fast one must equal.

It keeps no index, no line and no memory, and holds nothing back (`reserve` 0).
Only the rules of one pair (room, needs, score) are the core's own.
"""

from __future__ import annotations

from router.core.line import hold_of
from router.core.may import may_take, prefers_now, serves
from router.core.score import contact_points, idle_points, pair_points, score
from router.core.state import AgentRecord, ContactRecord, State
from router.core.turn import Turn


def can(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """But for the contact's own story."""
    return may_take(state, agent, contact) and serves(state, agent, contact)


def may(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """Law 3, and whom the contact prefers."""
    if not can(state, agent, contact):
        return False
    end = contact.refusals.get(agent.agent)
    if end is not None:
        others = (each for each in state.agents.values() if each.agent not in contact.refusals)
        if end > state.now or any(can(state, each, contact) for each in others):
            return False
    return agent.agent in contact.prefers or not prefers_now(state, contact)


def best_agent(state: State, contact: ContactRecord) -> AgentRecord | None:
    return min(
        (agent for agent in state.agents.values() if may(state, agent, contact)),
        key=lambda agent: (
            -pair_points(state.policy, contact.channel, contact.needs, agent) - idle_points(state, agent),
            agent.idle_since,
            agent.agent,
        ),
        default=None,
    )


def best_contact(state: State, agent: AgentRecord) -> ContactRecord | None:
    waiting = (each for each in state.contacts.values() if state.in_line(each))
    return min(
        (each for each in waiting if may(state, agent, each)),
        key=lambda each: (
            -pair_points(state.policy, each.channel, each.needs, agent)
            - contact_points(state, each.channel, each.rank, each.target, hold_of(each)),
            each.rank,
            each.contact,
        ),
        default=None,
    )


def match(turn: Turn) -> None:
    """Whoever came free looks at all who wait; then, by rank, whoever waits at all who are free."""
    state = turn.state
    for name in sorted(turn.agents):
        while (first := best_contact(state, state.agents[name])) is not None:
            agent = best_agent(state, first)
            contact = best_contact(state, agent)
            turn.make_offer(contact, agent, score(state, contact, agent))
    while one_more(turn):
        pass


def one_more(turn: Turn) -> bool:
    """An offer of the lowest rank for which there is anybody."""
    state = turn.state
    for contact in sorted(state.contacts.values(), key=lambda each: (each.rank, each.contact)):
        agent = best_agent(state, contact) if state.in_line(contact) else None
        if agent is not None:
            turn.make_offer(contact, agent, score(state, contact, agent))
            return True
    return False
