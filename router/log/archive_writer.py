"""Appends a pool's entries to its archive; what it calls durable survives a power cut. It never deletes.

Blocking, for a thread of its own. After an OSError (a full disk, a failed fsync) the same call may be made
again: either all of a batch is in the archive or none of it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from router.log.archive import segment_paths
from router.log.archive_errors import Busy, Changed, Torn
from router.log.archive_file import rename
from router.log.archive_format import GENESIS, About, stamp
from router.log.archive_growing import GrowingSegment
from router.log.archive_segment import GROWING, SEALED, Segment
from router.log.archive_snapshots import Snapshots
from router.log.file_lock import file_lock

ROLL_AT = 64 << 20  # bytes
ROLL_AFTER = 24 * 3600 * 1_000_000  # microseconds between a segment's first entry and its last
log = logging.getLogger(__name__)


class ArchiveWriter:
    """The one writer of a pool's archive: it holds a lock on it from `open` to `close`."""

    def __init__(self, folder: Path, pool: str) -> None:
        self.folder, self.pool = folder, pool
        self.snapshots = Snapshots(folder / "snapshots", pool)
        self.n = 0  # the last durable entry
        self.last = b""  # its payload, where there is one
        self.segment: GrowingSegment | None = None
        self._digest = GENESIS  # of the segment before
        self._lock: BinaryIO | None = None

    def open(self, rewrite_from: int | None = None) -> None:
        """Goes on where the archive ends. Does nothing if it is open.

        `rewrite_from`: entries from this number on are still in the log. What a power cut damaged there is
        cut away and will be written again; damage before it is an error, for nobody else has those entries.
        """
        if self._lock is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            place = self.folder / f".{self.pool}.lock"
            self._lock = file_lock(place)
            if self._lock is None:
                raise Busy(place, 0, "another process writes this archive")
            try:
                for path in segment_paths(self.folder, self.pool)[-1:]:
                    self._go_on(path, rewrite_from)
            except BaseException:
                self.close()
                raise

    @property
    def full(self) -> bool:
        """Time to seal: the segment is large, or old enough to be retired by itself."""
        segment = self.segment
        return segment is not None and (
            segment.size >= ROLL_AT or segment.last_at - segment.began_at >= ROLL_AFTER
        )

    def start_after(self, n: int) -> None:
        """An empty archive begins after entry `n`: those before it are in no log any more."""
        if self.n or self.segment:
            raise ValueError(f"the archive already holds entries up to {self.n}")
        self.n = n

    def write(self, payloads: Sequence[bytes]) -> int:
        """Appends entries `n + 1`, …; returns the last one's number when all are on disk.

        Entries decided by another version of the core begin a segment of their own.
        """
        for core, batch in groupby(payloads, lambda payload: stamp(payload).core):
            self._write_of(core, list(batch))
        return self.n

    def roll(self) -> None:
        """Seals the segment; the next entry begins another. Best at an `n` whose snapshot is kept."""
        if self.segment is not None:
            self.segment.seal()
            self._digest, self.segment = self.segment.digest, None

    def close(self) -> None:
        """Gives the archive up. The segment stays open, for the next start."""
        if self.segment is not None:
            self.segment.close()
            self.segment = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write_of(self, core: str, batch: list[bytes]) -> None:
        for place, payload in enumerate(batch, self.n + 1):
            if (n := stamp(payload).n) != place:
                raise ValueError(f"entry {n} is where the archive needs {place}")
        if self.segment is not None and self.segment.about.core != core:
            if self.segment.count:
                self.roll()
            else:  # begun by a run that died before its first entry: begun anew, under the same name
                self.segment.close()
                self.segment = None
        if self.segment is None:
            about = About(self.pool, core, self.n + 1, self._digest)
            self.segment = GrowingSegment.begin(self.folder, about, self.snapshots.at(self.n))
        self.segment.append(batch)
        self.n, self.last = self.n + len(batch), batch[-1]

    def _go_on(self, path: Path, rewrite_from: int | None) -> None:
        """Reads the last segment to its end, and goes on after it."""
        began_at = 0
        with Segment(path) as read:
            try:
                for record in read.records():
                    began_at = began_at or record.stamp.at
                    self.last = record.payload
            except (Torn, Changed) as error:
                in_log = rewrite_from is not None and read.next_n >= rewrite_from
                if not read.growing or not (isinstance(error, Torn) or in_log):
                    raise
                log.warning("archive: damaged end cut away, to be written again from the log: %s", error)
            self.n = read.next_n - 1
            if read.sealed:
                self._digest = read.digest
                if read.growing:  # the seal was written, the name not yet
                    rename(path, path.with_name(path.name.removesuffix(GROWING) + SEALED))
            else:
                self._digest = read.about.previous
                self.segment = GrowingSegment.resume(read, began_at)
