"""What an event means for agents: log-in, state, skills, capacity, and another policy for all of them.

Called by `apply`, after `check` let the event pass.
"""

from __future__ import annotations

from router.core import reserve
from router.core.events import Agent, Config
from router.core.state import AgentRecord
from router.core.turn import Turn


def agent_says(turn: Turn, event: Agent) -> None:
    state = turn.state
    agent = state.agents.get(event.agent)
    if agent is None:
        agent = AgentRecord(event.agent, "offline", "", {}, {}, idle_since=state.now)
        state.agents[event.agent] = agent
    changed = (
        agent.state != event.state
        or (event.skills is not None and event.skills != agent.skills)
        or (event.capacity is not None and event.capacity != agent.capacity)
    )
    if event.skills is not None and event.skills != agent.skills:
        agent.skills = dict(event.skills)
    agent.capacity = agent.capacity if event.capacity is None else dict(event.capacity)
    agent.reason = event.reason if event.state != "ready" else ""
    if event.state == "ready" and agent.state != "ready":
        agent.misses = 0
        agent.strained = False  # they were away
        agent.idle_since = state.now
    agent.state = event.state
    turn.touch(agent)
    if changed:
        look_again(turn, agent)


def look_again(turn: Turn, agent: AgentRecord) -> None:
    """The same in matching; an offer open to somebody who is not there any more is withdrawn."""
    turn.look_again(agent)
    if agent.state != "ready":
        for name in list(agent.hands):
            contact = turn.state.contacts[name]
            if contact.state == "offered":
                turn.withdraw(contact, "agent_away")
                turn.requeue(contact, "withdraw", "agent_away")


def config(turn: Turn, event: Config) -> None:
    """Another policy. Agents whose own rules it changes get their new skills and capacity; those it no longer
    names are logged out, and keep what they have in hand.
    """
    state, before = turn.state, turn.state.policy
    state.policy, state.policy_hash = event.policy, event.hash
    state.roster.forget(state.agents)
    state.able.forget(state.agents)
    reserve.ruled(turn)
    for agent in state.agents.values():
        rules = event.policy.agents.get(agent.agent)
        if rules is None and agent.agent in before.agents:
            agent.state, agent.reason = "offline", "removed"
            turn.touch(agent)
        if rules is not None and rules != before.agents.get(agent.agent):
            agent.skills, agent.capacity = dict(rules.skills), dict(rules.capacity)
            turn.touch(agent)
        look_again(turn, agent)
