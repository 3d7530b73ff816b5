"""The one door into the state: `step(state, event, at)`.

Theory of operation: an event is *checked* against the state as it is; an illegal one or a double ends there
and leaves no trace. Then due *timers* fire, the event is *applied*, and *matching* offers whatever can now be
offered, all stamped `at`. So at no instant do a ready agent and a contact they may serve both wait (law 4),
and nothing polls. The same events give the same effects and the same digest on any machine (law 6).
"""

from __future__ import annotations

from typing import NamedTuple

from router.core import continuity, teach
from router.core.afresh import look_afresh
from router.core.apply import apply
from router.core.check import check
from router.core.deadlines import fire_due
from router.core.effects import Effect
from router.core.events import Contact, Event, Origin, Refused, Shift
from router.core.lifecycle import FINISHED
from router.core.limits import enforce
from router.core.matching import match
from router.core.propose import consider
from router.core.refusal import Refusal
from router.core.state import State
from router.core.turn import Turn
from router.core.version import CORE_VERSION

__all__ = ["CORE_VERSION", "Result", "step"]


class Result(NamedTuple):
    """What a step gave: effects, or a refusal that changed nothing, or the note that it was a double."""

    effects: tuple[Effect, ...] = ()
    refusal: Refusal | None = None
    duplicate: bool = False


def step(state: State, event: Event, at: int, origin: Origin | None = None) -> Result:
    """Apply one event at instant `at`. A refusal or a double changes nothing, not even `n` or `now`."""
    if origin is not None and was_taken(state, event, origin):
        return Result(duplicate=True)
    try:
        if check(state, event, at):
            return Result(duplicate=True)
    except Refusal as refusal:
        return Result(refusal=refusal)
    turn = Turn(state)
    state.n += 1
    state.now = at
    if origin is not None:
        state.seen[origin.gateway] = max(origin.seq, state.seen.get(origin.gateway, 0))
        state.inbox = origin.position
    if isinstance(event, Shift):  # the clock jumped: deadlines move before they are looked at
        apply(turn, event)
    fire_due(turn, at)
    if not isinstance(event, Shift):
        apply(turn, event)
    look_afresh(turn)
    match(turn)
    if enforce(turn):
        match(turn)
    if isinstance(event, Contact):
        teach.foretold(state, state.contacts[event.contact])
        consider(turn, state.contacts[event.contact])
    for name in turn.long_waiters:
        consider(turn, state.contacts[name])
    forget(state)
    return Result(tuple(turn.effects))


def was_taken(state: State, event: Event, origin: Origin) -> bool:
    """Whether the inbox brings again what its gateway sent before. A `refused` only notes the position."""
    return not isinstance(event, Refused) and origin.seq <= state.seen.get(origin.gateway, 0)


def forget(state: State) -> None:
    """Contacts that ended long ago, and their offers, are no longer known; the counts remember them."""
    horizon = state.now - state.policy.forget_after
    while state.finished and state.finished[0][0] <= horizon:
        when, name = state.finished.popleft()
        contact = state.contacts.get(name)
        if contact is None or contact.state not in FINISHED or contact.since != when:
            continue  # it was found waiting since
        continuity.forget(state, contact)
        del state.contacts[name]
        state.marks.contacts.add(name)
        for offer in contact.offers:
            del state.offers[offer]
            state.marks.offers.add(offer)
