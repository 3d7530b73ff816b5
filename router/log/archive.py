"""Reads an archive, one file or a folder, and proves all of it: what `guichet replay` and `why` stand on.

It never writes, and gives no entry before its bytes are proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from router.log.archive_errors import Missing
from router.log.archive_segment import GROWING, SEALED, Segment
from router.log.entry import Entry

_entry = msgspec.msgpack.Decoder(Entry).decode


def segment_paths(path: Path, pool: str = "", since: int | None = None) -> list[Path]:
    """The segments of one pool, oldest first. `pool` may be left out where the folder holds one only.

    With `since`, from the last one on that begins with a known state no later than that instant.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: no archive is here")
    found = {p for p in path.iterdir() if p.name.endswith((SEALED, GROWING))}
    pools = sorted({_pool(p) for p in found})
    if not pool and len(pools) > 1:
        raise ValueError(f"{path} holds several pools: name one of {', '.join(pools)}")
    paths = sorted(p for p in found if _pool(p) == (pool or pools[0]))
    if since is None:
        return paths
    first = next((n for n in range(len(paths) - 1, 0, -1) if _begins_by(paths[n], since)), 0)
    return paths[first:]


def archive_start(path: Path, pool: str = "", since: int | None = None) -> tuple[int, bytes]:
    """The number of the first entry, and the frozen state before it (empty before entry 1).

    Raises Missing where the first segment cannot be replayed without those before it.
    """
    for first in segment_paths(path, pool, since)[:1]:
        with Segment(first) as segment:
            if segment.about.first_n > 1 and not segment.snapshot:
                raise Missing(first, 0, f"no state is kept from before entry {segment.about.first_n}")
            return segment.about.first_n, segment.snapshot
    return 1, b""


def read_archive(path: Path, pool: str = "", since: int | None = None) -> Iterator[tuple[Entry, bytes]]:
    """Every entry in order, with its exact bytes in the stream. Raises ArchiveError where the proof ends.

    `Torn` comes after the last whole entry of a segment that is still growing: on a live archive it only
    means that the writer is just at work.
    """
    before: Segment | None = None
    for one in segment_paths(path, pool, since):
        with Segment(one) as segment:
            if before is not None:
                _joined(before, segment)
            for record in segment.records():
                yield _entry(record.payload), record.payload
            before = segment


def _begins_by(path: Path, at: int) -> bool:
    """Whether a segment holds the state before its first entry, and that was no later than `at`."""
    with Segment(path) as segment:
        first = next(segment.records(), None) if segment.snapshot else None
        return first is not None and first.stamp.at <= at


def _joined(before: Segment, segment: Segment) -> None:
    """Does `segment` follow `before`?"""
    if not before.sealed:
        raise Missing(before.path, before.end, "the segment has no seal, yet another one follows")
    if segment.about.first_n != before.next_n:
        raise Missing(segment.path, 0, f"entries {before.next_n} to {segment.about.first_n - 1} are missing")
    if segment.about.previous != before.digest:
        raise Missing(segment.path, 0, f"it does not follow {before.path.name}: they are of two archives")


def _pool(path: Path) -> str:
    return path.name.removesuffix(".open").removesuffix(SEALED).rpartition("-")[0]
