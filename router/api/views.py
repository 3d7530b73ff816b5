"""What a client reads of agents: typed views made from the state, in seconds.

A view holds plain values of its own, never a record of the state. No view shows a rank or its credit: agents
and supervisors see one place in line.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.policy import SECOND
from router.core.state import AgentRecord, State


class InHand(Struct, frozen=True):
    """A contact an agent has in hand."""

    contact: str
    channel: str
    state: str  # offered, connected or wrap_up
    since_s: float  # seconds it has been so


class AgentView(Struct, frozen=True):
    """One agent, by pseudonym."""

    agent: str
    state: str
    reason: str
    skills: dict[str, int]
    capacity: dict[str, int]
    in_hand: list[InHand]
    phones: dict[str, str]  # gateway -> busy (a call of their own) or unreachable; empty if nothing is amiss
    idle_s: float | None  # seconds with nothing in hand; null with something


class AgentList(Struct, frozen=True):
    """Every agent who has ever logged in, by pseudonym."""

    agents: list[AgentView]


def seconds(microseconds: int) -> float:
    """Seconds with a millisecond's precision, never negative."""
    return max(0, microseconds // 1000) / 1000


def instant(microseconds: int) -> float:
    """Seconds since 1970."""
    return microseconds / SECOND


def agent_view(state: State, record: AgentRecord, now: int) -> AgentView:
    """The agent as of now."""
    in_hand = []
    for contact, channel in sorted(record.hands.items()):
        held = state.contacts.get(contact)
        if held is not None:
            in_hand.append(InHand(contact, channel, held.state, seconds(now - held.since)))
    return AgentView(
        record.agent,
        record.state,
        record.reason,
        dict(record.skills),
        dict(record.capacity),
        in_hand,
        dict(record.devices),
        None if record.hands else seconds(now - record.idle_since),
    )
