"""Reserve groups: agents who serve some topics only while those get less than their promise.

A topic is in one group at most, so a contact's group is a name, `""` for none, and a part of its kind.
Whether a group is shut depends on the state alone; whether an agent is a member, on the policy and their
record. An index of free agents keyed by (needs, `shut_for(state, group)`) needs no change when a group opens.
It offers nothing and measures nothing: `may` asks it whom a group keeps out, `opening` opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.core.state import AgentRecord, State


def group_of(policy: Policy, topic: str) -> str:
    """The reserve group of a topic, if it has one."""
    return next((name for name, group in policy.groups.items() if topic in group.topics), "")


def groups_of(policy: Policy, agent: AgentRecord) -> tuple[str, ...]:
    """The reserve groups of an agent, in the policy's order."""
    return tuple(
        name
        for name, group in policy.groups.items()
        if agent.agent in group.agents or (group.skill and group.skill in agent.skills)
    )


def shut_for(state: State, group: str) -> str:
    """The group if it is shut, else `""`: equal answers let the same agents through."""
    if not group:
        return ""
    record = state.groups.get(group)
    return "" if record is not None and record.open else group


def keeps_out(state: State, agent: AgentRecord, group: str) -> bool:
    """Whether the agent is in reserve for contacts of this group now."""
    return bool(group) and shut_for(state, group) in groups_of(state.policy, agent)
