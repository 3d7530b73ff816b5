"""Whether an agent has room for one more contact of a channel: the one rule of capacity and mixes (law 2).

A function of the policy and of the agent's own record, nothing else: an index of free agents may keep its
answer until that record or the policy changes. Its cost depends on what one agent has in hand, never on how
many agents or contacts there are. It never knows needs, refusals or preferences: those are `may`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.core.state import AgentRecord

ATTENTION = 100  # hundredths: what the loads of all that is in hand add up to at most


def capacity_of(policy: Policy, agent: AgentRecord, channel: str) -> int:
    """How many contacts of a channel the agent takes at once."""
    named = agent.capacity.get(channel)
    return policy.channels[channel].capacity if named is None else named


def room(policy: Policy, agent: AgentRecord, channel: str) -> bool:
    """Ready, with free capacity for one more contact of this channel, and no call of their own in its way."""
    return present(agent) and not own_call(policy, agent, channel) and fits(policy, agent, channel)


def present(agent: AgentRecord) -> bool:
    """Whether the agent may be offered anything at all."""
    return agent.state == "ready" and not agent.releasing


def own_call(policy: Policy, agent: AgentRecord, channel: str) -> bool:
    """On the phone with a call that is none of ours, which blocks exclusive channels."""
    return bool(agent.devices) and policy.channels[channel].exclusive and "busy" in agent.devices.values()


def fits(policy: Policy, agent: AgentRecord, channel: str) -> bool:
    """Whether one more of this channel may be beside what is in hand, save what it lays aside."""
    rules = policy.channels[channel]
    held, load = 0, rules.load
    for other in agent.hands.values():
        if interrupts(policy, channel, other):
            continue
        if not together(policy, channel, other):
            return False
        held += other == channel
        load += policy.channels[other].load
    return held < capacity_of(policy, agent, channel) and load <= ATTENTION


def together(policy: Policy, channel: str, other: str) -> bool:
    """Whether two contacts of these channels may be in one agent's hands."""
    rules, others = policy.channels[channel], policy.channels[other]
    if not (rules.exclusive or others.exclusive):
        return True
    return channel != other and (other in rules.beside or channel in others.beside)


def interrupts(policy: Policy, channel: str, other: str) -> bool:
    """Whether a contact of `channel` makes an agent lay aside one of `other`."""
    return channel in policy.channels[other].interrupted_by and channel != other


def must_interrupt(policy: Policy, agent: AgentRecord, channel: str) -> bool:
    """Whether an agent with room for this channel would lay something aside for it."""
    return any(interrupts(policy, channel, other) for other in agent.hands.values())


def rooms(policy: Policy, agent: AgentRecord) -> tuple[str, ...]:
    """Every channel with room for one more, in the policy's order, whatever the agent's own phone says."""
    if not present(agent):
        return ()
    return tuple(channel for channel in policy.channels if fits(policy, agent, channel))
