"""Call-backs as waiting contacts: the place of the call they come from, one open per citizen, none in vain.

A call-back that names the contact it comes from (`after`) takes its place: first arrival and rank. A citizen
who calls, chats or comes to the counter before it is served takes that place along, and the call-back ends:
nobody is rung who is on the line. Dialling is a gateway's. Contacts that never use `after` never get here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core.lifecycle import LEAVABLE

if TYPE_CHECKING:
    from router.core.state import ContactRecord, State

CALLBACK = "callback"
CALLED_AGAIN = "called_again"
REPLACED = (CALLBACK, CALLED_AGAIN)  # gone for these reasons, another contact has the place: nobody left
CALLS = ("phone", "chat", "counter")  # where the citizen is there in person: a mail cancels no call-back


class Replaced(NamedTuple):
    """A contact whose place another has now, and the reason with which it ends."""

    contact: ContactRecord
    reason: str


def is_open(contact: ContactRecord) -> bool:
    """A call-back not served yet: the citizen is still to be rung."""
    return contact.channel == CALLBACK and contact.state in LEAVABLE and not contact.served_at


def follow(state: State, contact: ContactRecord) -> None:
    """Keep who has open call-backs: to be called whenever a contact's state has changed."""
    if contact.citizen is None or contact.channel != CALLBACK:
        return
    names = state.callbacks.setdefault(contact.citizen, {})
    names.pop(contact.contact, None)
    if is_open(contact):
        names[contact.contact] = None
    if not names:
        del state.callbacks[contact.citizen]


def booked(state: State, citizen: str | None) -> ContactRecord | None:
    """The citizen's open call-back that took another contact's place: there is one at most."""
    names = state.callbacks.get(citizen or "", {})
    return next((state.contacts[name] for name in names if state.contacts[name].after is not None), None)


def take_place(state: State, contact: ContactRecord) -> Replaced | None:
    """Give an arriving contact the place of the one it comes from, if there is one; returns that."""
    if contact.after is not None:
        former = state.contacts[contact.after]
        _inherit(contact, former)
        contact.citizen = contact.citizen or former.citizen
        contact.topic, contact.language = contact.topic or former.topic, contact.language or former.language
        return Replaced(former, CALLBACK)
    if contact.channel in CALLS:
        former_or_none = booked(state, contact.citizen)
        if former_or_none is not None:
            _inherit(contact, former_or_none)
            return Replaced(former_or_none, CALLED_AGAIN)
    return None


def _inherit(contact: ContactRecord, former: ContactRecord) -> None:
    """First arrival, and the greater credit: both are bounded alike. A supervisor's move is not handed on."""
    rank = former.rank if former.moved is None else former.moved.rank
    credit = max(contact.arrived_at - contact.rank, former.arrived_at - rank)
    contact.arrived_at = min(contact.arrived_at, former.arrived_at)
    contact.rank = contact.arrived_at - credit
