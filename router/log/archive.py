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


def segment_paths(path: Path, pool: str = "") -> list[Path]:
    """The segments of one pool, oldest first. `pool` may be left out where the folder holds one only."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: no archive is here")
    found = {p for p in path.iterdir() if p.name.endswith((SEALED, GROWING))}
    pools = sorted({_pool(p) for p in found})
    if not pool and len(pools) > 1:
        raise ValueError(f"{path} holds several pools: name one of {', '.join(pools)}")
    return sorted(p for p in found if _pool(p) == (pool or pools[0]))


def archive_start(path: Path, pool: str = "") -> tuple[int, bytes]:
    """The number of the first entry, and the frozen state before it (empty before entry 1).

    Raises Missing where the first segment cannot be replayed without those before it.
    """
    for first in segment_paths(path, pool)[:1]:
        with Segment(first) as segment:
            if segment.about.first_n > 1 and not segment.snapshot:
                raise Missing(first, 0, f"no state is kept from before entry {segment.about.first_n}")
            return segment.about.first_n, segment.snapshot
    return 1, b""


def read_archive(path: Path, pool: str = "") -> Iterator[tuple[Entry, bytes]]:
    """Every entry in order, with its exact bytes in the stream. Raises ArchiveError where the proof ends.

    `Torn` comes after the last whole entry of a segment that is still growing: on a live archive it only
    means that the writer is just at work.
    """
    before: Segment | None = None
    for one in segment_paths(path, pool):
        with Segment(one) as segment:
            if before is not None:
                _joined(before, segment)
            for record in segment.records():
                yield _entry(record.payload), record.payload
            before = segment


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
