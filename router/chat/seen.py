"""How a chat's contact stands, read off the state. Pure; to be called inside `door.read`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.chat.protocol import Standing
from router.core.estimate import NOBODY, estimate_of
from router.core.policy import SECOND

if TYPE_CHECKING:
    from router.chat.protocol import State as Stands
    from router.core.state import ContactRecord, State

STANDS: dict[str, Stands] = {"waiting": "waiting", "offered": "waiting", "connected": "with_agent"}


class Seen(Struct, frozen=True):
    """`agents`: in whose hands it is. `again`: it was with somebody before. `turn`: of its present agent."""

    standing: Standing
    agents: tuple[str, ...] = ()
    again: bool = False
    turn: int = 0


def seen(state: State, contact: str) -> Seen | None:
    """None: the core knows no such contact (yet, or any more)."""
    record = state.contacts.get(contact)
    if record is None:
        return None
    stands = STANDS.get(record.state, "closed")
    agents = _hands(record) if record.state in ("connected", "wrap_up") else ()
    return Seen(
        _waits(state, record) if stands == "waiting" else Standing(stands),
        agents,
        record.served_at > 0,
        record.connected_at,
    )


def in_hands_of(state: State, agent: str) -> list[str]:
    """The chats this agent has in hand or is asked about, in conversation."""
    found = [
        contact
        for contact, channel in state.agents[agent].hands.items()
        if channel == "chat" and state.contacts[contact].state == "connected"
    ] if agent in state.agents else []  # fmt: skip
    return sorted(found)


def _hands(record: ContactRecord) -> tuple[str, ...]:
    return tuple(agent for agent in (record.agent, record.second) if agent is not None)


def _waits(state: State, record: ContactRecord) -> Standing:
    if record.state != "waiting":
        return Standing("waiting")
    wait = estimate_of(state, record)
    interval = None if wait.high >= NOBODY else (wait.low // SECOND, -(-wait.high // SECOND))
    return Standing("waiting", state.lines.position(record), interval)
