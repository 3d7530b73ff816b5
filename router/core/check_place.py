"""Whether what gives a contact its place is legal: an agent asked for alone, a pool, a supervisor's move.

A part of `check`: it changes nothing either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.callbacks import CALLBACK, REPLACED, booked
from router.core.lifecycle import LEAVABLE
from router.core.marks import mark_of
from router.core.may import capacity_of, serves
from router.core.must import agent_of, contact_of, not_now
from router.core.refusal import Refusal
from skills.eligibility import missing

if TYPE_CHECKING:
    from router.core.events import Again, Contact, Move, Needs
    from router.core.policy import Policy
    from router.core.state import AgentRecord, ContactRecord, State

SKILLS = 32  # in one alternative of needs at most: the protocol's own bound, which snapshots keep


def arrival(state: State, event: Contact) -> None:
    """What a contact brings beyond the protocol's fields."""
    if event.direct is not None and event.prefers:
        raise Refusal("bad_field", "direct: for one agent alone, so no `prefers` beside it")
    _callback(state, event)
    if event.pool:
        pool(state, event.pool, event.needs, *(step.needs for step in event.relax))


def _callback(state: State, event: Contact) -> None:
    """The contact it comes from was not served, and the citizen has no other call-back to come."""
    if event.after is not None:
        if event.channel != CALLBACK:
            raise Refusal("bad_field", "after: only a call-back takes another's place")
        former = contact_of(state, event.after)
        if event.citizen and former.citizen and event.citizen != former.citizen:
            raise Refusal("bad_field", f"citizen: contact {event.after} is another citizen's")
        if former.state == "gone" and former.reason in (*REPLACED, "fallback"):
            not_now(f"contact {event.after} is gone: {former.reason}")
        if former.state not in (*LEAVABLE, "gone") or former.served_at:
            not_now(f"contact {event.after} has been served: it is {former.state}")
        one_callback(state, event.citizen or former.citizen)
    elif event.channel == CALLBACK and booked(state, event.citizen) is not None:
        one_callback(state, event.citizen)


def one_callback(state: State, citizen: str | None) -> None:
    """Nobody is rung twice: the call-back the citizen has must be served, or end, first."""
    names = state.callbacks.get(citizen or "")
    if names:
        not_now(f"this citizen has an open call-back: {next(iter(names))}")


def pool(state: State, name: str, *needs: Needs) -> None:
    """The pool must be there, and its own skill must find room among the needs."""
    if name and name not in state.policy.pools:
        known = ", ".join(sorted(state.policy.pools)) or "none inside this one"
        raise Refusal("bad_field", f"pool {name} is not known; known: {known}")
    if name:
        _roomy(*needs)


def _roomy(*needs: Needs) -> None:
    if any(len(minimums) >= SKILLS for each in needs for minimums in each):
        raise Refusal("bad_field", f"needs: at most {SKILLS - 1} skills where a pool is named")


def policy(given: Policy) -> None:
    """A pool overflows into one that is there."""
    for name, inner in given.pools.items():
        if inner.overflow_to and inner.overflow_to not in given.pools:
            raise Refusal("bad_field", f"pools.{name}.overflow_to: there is no pool {inner.overflow_to}")


def transfer(state: State, contact: ContactRecord, event: Again) -> None:
    """Into another pool; or its own pool's skill finds room among the new needs."""
    if event.pool is not None:
        pool(state, event.pool, event.needs)
    elif contact.pool:
        _roomy(event.needs)


def move(state: State, event: Move) -> bool:
    contact = contact_of(state, event.contact)
    _whole(event)
    if event.to == "place" and contact.moved is None and contact.marks.get("Move") == mark_of(event):
        return True
    if contact.state not in LEAVABLE:
        not_now(f"contact {event.contact} is not waiting or offered: it is {contact.state}")
    if contact.aside:
        not_now(f"contact {event.contact} was put aside: end it, or serve it outside")
    if event.to == "place" and contact.moved is None:
        not_now(f"contact {event.contact} is at its own place: it was not moved")
    if event.to == "agent":
        _agent(state, contact, agent_of(state, event.agent or ""), event.force)
    elif event.to == "pool":
        pool(
            state, event.pool or "", contact.direct or contact.needs, *(step.needs for step in contact.relax)
        )
    return False


def _whole(event: Move) -> None:
    """Each destination with its own fields, and none of another's."""
    for name, given, to in (
        ("agent", event.agent is not None, "agent"),
        ("pool", event.pool is not None, "pool"),
    ):
        if given != (event.to == to):
            mend = f"{name} is missing" if event.to == to else f"{name}: only to {to} takes one"
            raise Refusal("bad_field", f"move to {event.to}: {mend}")
    if event.to != "agent" and (event.force or event.direct_for is not None):
        raise Refusal("bad_field", f"move to {event.to}: only to agent takes `direct_for` and `force`")


def _agent(state: State, contact: ContactRecord, agent: AgentRecord, force: bool) -> None:
    """They need not be the best, but must be there and able."""
    name = agent.agent
    if agent.state == "offline":
        not_now(f"agent {name} is offline")
    if capacity_of(state, agent, contact.channel) == 0:
        not_now(f"agent {name} takes no {contact.channel}")
    needs = contact.direct or contact.needs
    lacks = missing(agent.skills, needs)
    if lacks and not force:
        told = ", ".join(f"{skill} {least}" for skill, least in sorted(lacks.items()))
        not_now(f"agent {name} lacks {told}: another agent, or `force`")
    if not lacks and not serves(state, agent, contact):
        not_now(f"agent {name} is kept in reserve for other topics")
