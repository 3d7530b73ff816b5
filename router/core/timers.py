"""Timers: when something is due without an event. The owner turns `wake` into a `tick`.

A timer that no longer applies stays in the heap and is passed over: what it waits for is checked against the
records, so nothing is ever cancelled and a snapshot need not hold timers.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from router.core.policy import SECOND

if TYPE_CHECKING:
    from router.core.state import ContactRecord, State


class Timer(NamedTuple):
    """Ordered by due time, then kind and ids, so that any machine fires in the same order."""

    due: int
    kind: str  # expiry, pause, prefer, relax, overflow, limit, promise, wrap_up, consult, release, press, …
    id: str  # the offer for `expiry`, the effect for `release`, else the contact
    agent: str = ""


def press_at(state: State, contact: ContactRecord) -> int:
    """When deferrable work is held back no longer."""
    return (contact.due_at or 0) - state.policy.press_before


def next_target(contact: ContactRecord, now: int) -> int:
    """When it will have waited one target more."""
    target = max(contact.target, SECOND)
    return contact.arrived_at + ((now - contact.arrived_at) // target + 1) * target


def applies(timer: Timer, state: State) -> bool:
    """Whether what the timer waits for still stands."""
    kind = timer.kind
    if kind == "expiry":
        offer = state.offers.get(timer.id)
        return offer is not None and offer.state == "open" and offer.expires_at == timer.due
    if kind == "release":
        agent = state.agents.get(timer.agent)
        return agent is not None and agent.releasing.get(timer.id) == timer.due
    if kind == "look":
        return state.reserve.look_at == timer.due
    contact = state.contacts.get(timer.id)
    if contact is None:
        return False
    if kind == "wrap_up":
        return contact.state == "wrap_up" and contact.wrap_until == timer.due
    if kind == "consult":
        return contact.consult_until == timer.due
    waits = state.in_line(contact)
    if kind == "limit":
        return (waits or contact.state == "offered") and contact.limit_at == timer.due
    if kind == "promise":
        unserved = not contact.served_at and (waits or contact.state == "offered")
        return unserved and next_target(contact, timer.due - 1) == timer.due
    if kind == "overflow":
        return (waits or contact.state == "offered") and contact.overflow_at == timer.due
    if kind == "relax":
        relax = contact.relax
        return (
            (waits or contact.state == "offered")
            and bool(relax)
            and contact.arrived_at + relax[0].after == timer.due
        )
    if not waits:
        return False
    if kind == "propose":
        return contact.propose_at == timer.due
    if kind == "press":
        return not contact.pressed and press_at(state, contact) == timer.due
    if kind == "pause":
        return contact.refusals.get(timer.agent) == timer.due
    return contact.prefers_until == timer.due


class Timers:
    """A heap of timers."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []

    def add(self, timer: Timer) -> None:
        """Set a timer; setting the same one twice fires it once."""
        heappush(self._heap, timer)

    def next_due(self, state: State) -> int | None:
        """When the next timer that applies is due."""
        heap = self._heap
        while heap and not applies(heap[0], state):
            heappop(heap)
        return heap[0].due if heap else None

    def pop_due(self, state: State, at: int) -> Timer | None:
        """The next timer that applies and is due at or before `at`, taken out."""
        due = self.next_due(state)
        if due is None or due > at:
            return None
        timer = heappop(self._heap)
        while self._heap and self._heap[0] == timer:
            heappop(self._heap)
        return timer

    def clear(self) -> None:
        """Drop all: they are set anew from the records (`rebuild`)."""
        self._heap.clear()
