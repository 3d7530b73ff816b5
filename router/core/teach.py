"""What each turn of a contact's story teaches. Called where it happens, before an agent is let go.

It decides nothing, and a contact that was transferred teaches no handling: its needs had been misread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import calibrate, estimate, pace
from router.core.interrupts import laid_aside
from router.core.needs import kind_key
from router.core.rest import hard

if TYPE_CHECKING:
    from router.core.state import AgentRecord, ContactRecord, State


def worked(contact: ContactRecord, now: int) -> int:
    """How long its agent has been at it, without what it was laid aside for."""
    return now - contact.connected_at - laid_aside(contact, now)


def arrived(state: State, contact: ContactRecord) -> None:
    """One more came."""
    state.learnt.arrived(kind_key(contact), state.n, state.now)
    state.reserve.came(state, contact)


def foretold(state: State, contact: ContactRecord) -> None:
    """What is said of its wait, if it must; those with a credit wait less and teach nothing of it."""
    if state.in_line(contact) and contact.rank == contact.arrived_at == state.now:
        pool, line = (estimate.waiting(state, *kind) for kind in ((contact.channel, ()), kind_key(contact)))
        contact.foretold = estimate.foretell(
            state, contact.channel, contact.needs, max(0, pool - 1), max(0, line - 1)
        )


def waited(state: State, contact: ContactRecord) -> None:
    """It is served: how well was its wait foretold?"""
    said, contact.foretold = contact.foretold, None
    if said is None:
        return
    wait = state.now - said.at
    kind, whole = state.learnt.use(kind_key(contact), state.n, state.now)
    for record in (kind, whole):
        record.errors.learn(said.pool - wait, said.line - wait)
    whole.errors.err(said, wait)
    whole.points = calibrate.moved(
        whole.points, said.shape, whole.errors.shape(said.shape), said.likely, wait
    )


def talked(state: State, contact: ContactRecord) -> None:
    """The conversation is over."""
    state.learnt.talked(kind_key(contact), state.n, state.now, worked(contact, state.now))


def handled(state: State, contact: ContactRecord, agent: AgentRecord) -> None:
    """It is wrapped up: what it took, and how that compares with the usual."""
    key = kind_key(contact)
    took = worked(contact, state.now)
    if state.learnt.handled_of(contact.channel) >= pace.PLENTY:
        pace.took(agent, contact.channel, contact.needs, took, state.learnt.handling(*key))
    state.learnt.handled(key, state.n, state.now, took)
    agent.strained = hard(state.policy, contact.needs)
