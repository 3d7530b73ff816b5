"""How fast a line moves and who leaves it: what wait estimates are made of.

For each kind and each channel: how much time its agents' places passed, all added up, while somebody waited,
and how many they took meanwhile. The quotient is what each departure costs a place: the handling time where
agents do nothing else, more where others have their time too. Leavers are counted over the time all waited.
Integers; two records an event; old evidence is halved away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.core.needs import kind_key

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.learnt import KindRecord
    from router.core.needs import NeedsKey
    from router.core.state import ContactRecord, State

BELIEF = 20  # departures that weigh as much as the belief that a line has its agents for itself
MOVES_MAX = 4_000  # departures after which their counts are halved
EXITS_MAX = 4_000  # and exits
ANY: Needs = ({},)
ANY_KEY: NeedsKey = ((),)


class Flow(Struct):
    """One kind's line, or all of a channel's."""

    waiting: int = 0
    counted_to: int = 0  # the instant `expected` is true of
    moved: int = 0  # taken by an agent
    spent: int = 0  # microseconds passed by the places of its agents while it was not empty
    exits: int = 0  # taken or gone
    gave_up: int = 0  # gone
    waited: int = 0  # microseconds, by all who left the line


def cost(flow: Flow, handling: int) -> int:
    """What one departure costs a place, microseconds; `handling` is believed until enough have left."""
    return (flow.spent + BELIEF * handling) // (flow.moved + BELIEF)


def patience(flow: Flow) -> int | None:
    """Mean time until somebody who waits gives up, microseconds; None: nobody ever did."""
    return max(flow.waited, 1) // flow.gave_up if flow.gave_up else None


def joined(state: State, contact: ContactRecord) -> None:
    """One more waits."""
    for record in _counted(state, contact):
        record.flow.waiting += 1


def left(state: State, contact: ContactRecord, cause: str = "") -> None:
    """One waits no more: `offer`, `gone`, or else it waits elsewhere."""
    for record in _counted(state, contact):
        flow = record.flow
        flow.waiting = max(0, flow.waiting - 1)  # hostile variety may have made us forget that it joined
        if not cause:
            continue
        flow.exits += 1
        flow.gave_up += cause == "gone"
        flow.waited += state.now - contact.since
        flow.moved += cause == "offer" and state.now > contact.since  # who never waited moves no line
        if flow.moved >= MOVES_MAX:
            flow.moved, flow.spent = flow.moved // 2, flow.spent // 2
        if flow.exits >= EXITS_MAX:
            flow.exits, flow.gave_up, flow.waited = flow.exits // 2, flow.gave_up // 2, flow.waited // 2


def returned(state: State, contact: ContactRecord) -> None:
    """Nobody took what was offered: the line had not moved."""
    for record in state.learnt.use(kind_key(contact), state.n, state.now):
        record.flow.moved = max(0, record.flow.moved - 1)


def _counted(state: State, contact: ContactRecord) -> tuple[KindRecord, KindRecord]:
    """The records of its kind and its channel, counted up to now."""
    both = kind, whole = state.learnt.use(kind_key(contact), state.n, state.now)
    if kind.flow.waiting:
        _count(state, kind, contact.needs, kind.needs)
    if whole.flow.waiting:
        _count(state, whole, ANY, ANY_KEY)
    kind.flow.counted_to = whole.flow.counted_to = state.now
    return both


def _count(state: State, record: KindRecord, needs: Needs, key: NeedsKey) -> None:
    flow = record.flow
    if state.now > flow.counted_to:
        places = state.able.places(state.agents, state.policy, record.channel, needs, key)
        flow.spent += (state.now - flow.counted_to) * places
