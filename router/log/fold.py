"""State = fold(step, log): steps the log along and proves each entry by what `step` gives again.

It never repairs: an entry that cannot be proved is an error, and this process may not take over.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct

from router.core.digest import digest
from router.core.events import Event, Origin
from router.core.snapshot import thaw
from router.core.state import State
from router.core.step import Result
from router.core.version import CORE_VERSION
from router.log.entry import Entry
from router.log.errors import Damaged, Diverged, LogError, OtherCore
from router.log.pool_log import PoolLog

Step = Callable[[State, Event, int, Origin | None], Result]

DIGEST_EVERY = 512  # entries between two that carry the state's digest
CHUNK = 256

_decoder = msgspec.msgpack.Decoder(Entry)


class Decided(Struct):
    """The one field that entries and snapshots of every version have."""

    core: str


def decode(raw: bytes) -> Entry:
    """The entry these bytes hold. Raises OtherCore or Damaged."""
    try:
        return _decoder.decode(raw)
    except ValueError as error:
        raise unreadable(raw, "an entry", error) from error


def unreadable(raw: bytes, what: str, error: Exception) -> LogError:
    """Why bytes cannot be read: another core has other fields, anything else is damage."""
    try:
        core = msgspec.msgpack.decode(raw, type=Decided).core
    except ValueError:
        core = CORE_VERSION
    if core != CORE_VERSION:
        return OtherCore(f"{what} is of core {core}, this is core {CORE_VERSION}")
    return Damaged(f"{what} is damaged ({error}): restore it from before the damage")


def apply(state: State, entry: Entry, step: Step) -> None:
    """Steps one entry. Raises Diverged where anything differs; the state is then good for nothing."""
    if entry.core != CORE_VERSION:
        raise OtherCore(f"entry {entry.n} was decided by core {entry.core}, this is core {CORE_VERSION}")
    result = step(state, entry.event, entry.at, entry.origin)
    if result.refusal is not None or result.duplicate:
        why = result.refusal or "a double"
        raise Diverged(f"entry {entry.n}: the log took the event, the core refuses it now: {why}")
    if state.n != entry.n:
        raise Diverged(f"entry {entry.n} is number {state.n} here")
    if result.effects != entry.effects:
        raise Diverged(f"entry {entry.n}: stored {list(entry.effects)}, now {list(result.effects)}")
    if entry.digest and entry.digest != digest(state):
        raise Diverged(f"entry {entry.n}: the digest of the state differs")


async def last_snapshot(log: PoolLog) -> State:
    """The state kept in the newest snapshot; an empty one if there is none. Raises OtherCore or Damaged."""
    kept = await log.load_snapshot()
    if kept is None:
        return State()
    return frozen_state(kept[1])


def frozen_state(raw: bytes) -> State:
    """The state these bytes hold. Raises OtherCore or Damaged."""
    try:
        return thaw(raw)
    except (ValueError, KeyError) as error:
        raise unreadable(raw, "the snapshot", error) from error


async def catch_up(log: PoolLog, state: State, step: Step) -> None:
    """Steps everything the log has by now. Raises Gap if entries are missing."""
    while records := await log.read(state.n, CHUNK):
        for _, raw in records:
            apply(state, decode(raw), step)
