"""What each turn of a contact's story teaches. Called where it happens, before an agent is let go.

It decides nothing, and a contact that was transferred teaches no handling: its needs had been misread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import pace
from router.core.learnt import KindKey
from router.core.needs import needs_key

if TYPE_CHECKING:
    from router.core.state import AgentRecord, ContactRecord, State


def kind_key(contact: ContactRecord) -> KindKey:
    """The kind it is learnt as: whatever its target."""
    return contact.channel, needs_key(contact.needs)


def arrived(state: State, contact: ContactRecord) -> None:
    """One more came."""
    state.learnt.arrived(kind_key(contact), state.n, state.now)


def talked(state: State, contact: ContactRecord) -> None:
    """The conversation is over."""
    state.learnt.talked(kind_key(contact), state.n, state.now, state.now - contact.connected_at)


def handled(state: State, contact: ContactRecord, agent: AgentRecord) -> None:
    """It is wrapped up: what it took, and how that compares with the usual."""
    key = kind_key(contact)
    took = state.now - contact.connected_at
    pace.took(agent, *key, took, state.learnt.handling(*key))
    state.learnt.handled(key, state.n, state.now, took)
