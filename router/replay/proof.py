"""`guichet replay`: step an archive again and compare every effect and digest with what it holds.

The archive's chain proves that no byte was changed; this proves that the decisions follow from the events.
It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from router.core.digest import digest
from router.core.state import State
from router.core.step import step
from router.log.archive import archive_start, read_archive
from router.log.entry import Entry
from router.log.errors import Diverged, LogError, OtherCore
from router.log.fold import apply, frozen_state


class Differs(Exception):
    """An entry that the core does not give again: the first one, with what was stored and what came out."""


class Replayed(Struct, frozen=True):
    """What was proven."""

    first: int
    last: int
    effects: int
    digests: int
    digest: str  # of the state at the end


def states(path: Path, pool: str = "") -> Iterator[tuple[Entry, State]]:
    """Every entry with the state right after it. Raises ArchiveError or Differs."""
    state, entries = begin(path, pool)
    for entry in entries:
        repeat(state, entry)
        yield entry, state


def begin(path: Path, pool: str = "", since: int | None = None) -> tuple[State, Iterator[Entry]]:
    """The state before the first entry, and every entry, not yet stepped. Raises ArchiveError or Differs.

    With `since`, what came long before that instant is left out.
    """
    first, frozen = archive_start(path, pool, since)
    try:
        state = frozen_state(frozen) if frozen else State()
    except LogError as error:
        raise Differs(f"the state before entry {first}: {error}") from error
    if state.n != first - 1:
        raise Differs(f"the archive begins with entry {first}, its state is of entry {state.n}")
    return state, (entry for entry, _ in read_archive(path, pool, since))


def repeat(state: State, entry: Entry) -> None:
    """One entry again. Raises Differs."""
    try:
        apply(state, entry, step)
    except (Diverged, OtherCore) as difference:
        raise Differs(str(difference)) from difference


def replay(path: Path, pool: str = "", seen: Callable[[Entry], None] = lambda entry: None) -> Replayed:
    """The whole archive. `seen` hears each entry once it is proven."""
    first = last = effects = digests = 0
    end = State()
    for entry, state in states(path, pool):
        first, last = first or entry.n, entry.n
        effects += len(entry.effects)
        digests += bool(entry.digest)
        end = state
        seen(entry)
    return Replayed(first, last, effects, digests, digest(end))
