"""Who served a citizen last, so that the same agent may be preferred: off unless the policy says how long.

Derived from the contacts still known, so it is forgotten with them. It is a preference like any other: the
agent is waited for while ready, busy or not, and no longer than said. It decides nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from router.core.state import ContactRecord, State


class Served(NamedTuple):
    """One conversation of a citizen, ordered by when it began."""

    connected_at: int
    contact: str
    agent: str


def follow(state: State, contact: ContactRecord) -> None:
    """Keep who talked with whom: to be called whenever a contact's state or agent has changed."""
    if contact.citizen is None:
        return
    served = state.served.setdefault(contact.citizen, {})
    served.pop(contact.contact, None)
    if contact.agent is not None:
        served[contact.contact] = Served(contact.connected_at, contact.contact, contact.agent)
    if not served:
        del state.served[contact.citizen]


def forget(state: State, contact: ContactRecord) -> None:
    """The contact is no longer known."""
    served = state.served.get(contact.citizen or "", {})
    if served.pop(contact.contact, None) is not None and not served:
        del state.served[contact.citizen or ""]


def last_agent(state: State, citizen: str | None) -> str | None:
    """Whoever the citizen talked with last, as far as is still known."""
    served = state.served.get(citizen or "")
    return max(served.values()).agent if served else None
