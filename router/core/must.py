"""What an event names must be there, and what it asks possible now: each says why not. Changes nothing."""

from __future__ import annotations

from typing import NoReturn

from router.core.refusal import Refusal
from router.core.state import AgentRecord, ContactRecord, State


def contact_of(state: State, name: str) -> ContactRecord:
    """The contact of this name."""
    contact = state.contacts.get(name)
    if contact is None:
        raise Refusal("unknown_contact", f"no contact {name} is known")
    return contact


def agent_of(state: State, name: str) -> AgentRecord:
    """The agent of this name."""
    agent = state.agents.get(name)
    if agent is None:
        raise Refusal("unknown_agent", f"no agent {name} is known")
    return agent


def steered(state: State, contact: ContactRecord) -> None:
    """A gateway must be there that can do to the contact what is asked."""
    if not contact.via:
        not_now(f"contact {contact.contact} has no gateway that could do it")
    if not state.steered(contact):
        not_now(f"the gateway {contact.via} is down")


def not_now(message: str) -> NoReturn:
    """The state forbids it."""
    raise Refusal("not_now", message)
