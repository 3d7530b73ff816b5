"""A supervisor's move of a contact that waits or is on offer: to the front, to an agent, to a pool, and back.

A named act on record, with its reason; what it replaced is kept, so that it can be undone. It is the one way
in which a rank is more than first arrival less a bounded credit: `ContactRecord.moved` tells so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import direct, pools
from router.core.serving import relax_due
from router.core.state import Moved

if TYPE_CHECKING:
    from router.core.events import Move
    from router.core.state import ContactRecord, State
    from router.core.turn import Turn


def move(turn: Turn, event: Move) -> None:
    """Its new place. An open offer is withdrawn, but for the front: whoever has it has it first."""
    state = turn.state
    contact = state.contacts[event.contact]
    if contact.state == "offered" and event.to != "front" and not _holds(state, contact, event):
        turn.withdraw(contact, "preempted")
        turn.requeue(contact, "withdraw", "moved")
    stood = state.in_line(contact)
    if stood:
        turn.leave_line(contact)
    if event.to == "place":
        _back(state, contact)
    else:
        _forth(turn, contact, event)
    relax_due(turn, contact)
    turn.touch(contact)
    if stood:  # what is on offer keeps its timers; who waits for a gateway gets them when it is up
        turn.join_line(contact)


def _holds(state: State, contact: ContactRecord, event: Move) -> bool:
    """Whether the contact is on offer to the very agent it is moved to."""
    return event.to == "agent" and state.offers[contact.offer or ""].agent == event.agent


def _forth(turn: Turn, contact: ContactRecord, event: Move) -> None:
    state = turn.state
    contact.moved = _remember(contact, event, state.now)
    if event.to == "front":
        first = state.lines.first_rank(contact.channel)
        if first is not None:
            contact.rank = min(contact.rank, first - 1)
    elif event.to == "agent":
        direct.begin(state, contact, event.agent or "", event.direct_for, force=event.force)
    else:
        pools.enter(state, contact, event.pool or "", state.now)


def _remember(contact: ContactRecord, event: Move, now: int) -> Moved:
    """Who, why and when of this move; of the place, what was before the first one."""
    first = contact.moved
    was = contact if first is None else first
    return Moved(
        event.to,
        event.by,
        event.reason,
        now,
        event.to == "front" or (first is not None and first.front),
        was.rank,
        was.needs,
        was.direct,
        was.prefers,
        was.prefers_until,
        was.relax,
        was.pool,
        was.overflow_at,
    )


def _back(state: State, contact: ContactRecord) -> None:
    """As if it had never been moved: rank, needs, agents preferred, pool."""
    was = contact.moved
    assert was is not None  # `check` says so
    contact.moved = None
    contact.rank, contact.needs, contact.direct = was.rank, was.needs, was.direct
    contact.prefers, contact.prefers_until, contact.relax = was.prefers, was.prefers_until, was.relax
    contact.pool, contact.overflow_at = was.pool, was.overflow_at
