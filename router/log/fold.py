"""State = fold(step, log): steps the log along and proves each entry by what `step` gives again.

It never repairs: an entry that cannot be proved is an error, and this process may not take over.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from router.core.digest import digest
from router.core.events import Event, Origin
from router.core.snapshot import thaw
from router.core.state import State
from router.core.step import CORE_VERSION, Result
from router.log.entry import Entry
from router.log.errors import Diverged, OtherCore
from router.log.pool_log import PoolLog

Step = Callable[[State, Event, int, Origin | None], Result]

DIGEST_EVERY = 512  # entries between two that carry the state's digest
CHUNK = 256

_decoder = msgspec.msgpack.Decoder(Entry)


def decode(raw: bytes) -> Entry:
    """The entry these bytes hold."""
    return _decoder.decode(raw)


def apply(state: State, entry: Entry, step: Step) -> None:
    """Steps one entry. Raises Diverged where anything differs; the state is then good for nothing."""
    if entry.core != CORE_VERSION:
        raise OtherCore(f"entry {entry.n} was decided by core {entry.core}, this is core {CORE_VERSION}")
    result = step(state, entry.event, entry.at, entry.origin)
    if result.refusal is not None or result.duplicate or state.n != entry.n:
        raise Diverged(f"entry {entry.n} does not apply to the state before it")
    if result.effects != entry.effects:
        raise Diverged(f"entry {entry.n} gave other effects than it holds")
    if entry.digest and entry.digest != digest(state):
        raise Diverged(f"the state after entry {entry.n} has another digest than it holds")


async def last_snapshot(log: PoolLog) -> State:
    """The state kept in the newest snapshot; an empty one if there is none."""
    kept = await log.load_snapshot()
    if kept is None:
        return State()
    try:
        return thaw(kept[1])
    except ValueError as error:
        raise OtherCore(str(error)) from error


async def catch_up(log: PoolLog, state: State, step: Step) -> None:
    """Steps everything the log has by now. Raises Gap if entries are missing."""
    while records := await log.read(state.n, CHUNK):
        for _, raw in records:
            apply(state, decode(raw), step)
