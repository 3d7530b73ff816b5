"""Whether what concerns a conversation is legal: a colleague asked, a control, what a gateway found.

A part of `check`: it changes nothing either, and judges as if a consultation that is overdue were over.
"""

from __future__ import annotations

from router.core.callbacks import CALLBACK
from router.core.check_place import one_callback
from router.core.events import Consult, Consulted, Control, Found
from router.core.lifecycle import FINISHED
from router.core.marks import mark_of
from router.core.may import may_take
from router.core.must import agent_of, contact_of, not_now, steered
from router.core.refusal import Refusal
from router.core.room import interrupts
from router.core.state import ContactRecord, State

RETURNS = ("fallback", "lost")  # gone for these reasons, a citizen may be found waiting once more
WITH_SECOND = ("complete", "back", "conference")
SPYING = ("listen", "whisper", "barge")


def second_of(contact: ContactRecord, at: int) -> str | None:
    """The colleague asked, unless the core's own timer is about to end that."""
    return None if 0 < contact.consult_until <= at else contact.second


def consult(state: State, event: Consult, at: int) -> bool:
    contact = contact_of(state, event.contact)
    second = agent_of(state, event.second)
    asked = second_of(contact, at)
    if asked is not None and contact.marks.get("Consult") == mark_of(event):
        return True
    _connected(contact)
    steered(state, contact)
    if asked is not None:
        not_now(f"contact {event.contact} has a second already: {asked}")
    if contact.agent == event.second:
        not_now(f"contact {event.contact} is with {event.second} itself")
    if not may_take(state, second, contact):
        not_now(f"agent {event.second} has no room for it")
    return False


def consulted(state: State, event: Consulted, at: int) -> bool:
    contact = contact_of(state, event.contact)
    agent_of(state, event.second)
    if second_of(contact, at) == event.second:
        return event.result == "answered" and not contact.consult_until  # known by now
    if contact.marks.get("Consulted") == mark_of(event):
        return True
    not_now(f"agent {event.second} is not asked about contact {event.contact}")


def control(state: State, event: Control, at: int) -> bool:
    contact = contact_of(state, event.contact)
    if event.what in SPYING and not event.value:
        raise Refusal("bad_field", f"{event.what}: value, the supervisor's phone, is missing")
    _connected(contact)
    steered(state, contact)
    if event.what in WITH_SECOND and second_of(contact, at) is None:
        not_now(f"contact {event.contact} has no second to {event.what} with")
    return False


def found(state: State, event: Found, at: int) -> bool:
    contact = contact_of(state, event.contact)
    if contact.state in FINISHED:
        if event.where == "waiting" and contact.state == "gone" and contact.reason in RETURNS:
            if contact.channel == CALLBACK and not contact.served_at:
                one_callback(state, contact.citizen)
            return False
        not_now(f"contact {event.contact} is {contact.state}")
    if event.where != "bridged":
        return False
    if event.agent is None:
        raise Refusal("bad_field", "found bridged: agent is missing")
    held = agent_of(state, event.agent).hands
    if contact.state in ("connected", "wrap_up"):
        if contact.agent == event.agent:
            return True
        if contact.state == "wrap_up" or second_of(contact, at) != event.agent:
            not_now(f"contact {event.contact} is with {contact.agent}")
        return False
    if any(
        name != event.contact
        and state.contacts[name].state != "offered"
        and not interrupts(state.policy, contact.channel, channel)
        for name, channel in held.items()
    ):
        not_now(f"agent {event.agent} serves another contact already")
    return False


def _connected(contact: ContactRecord) -> None:
    if contact.state != "connected":
        not_now(f"contact {contact.contact} is not connected: it is {contact.state}")
