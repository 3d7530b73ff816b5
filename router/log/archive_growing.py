"""The one segment that still grows: batches go in whole or not at all, and then survive a power cut.

After an error nothing has happened: the next call goes back to the last byte known to be on disk first,
since after a failed fsync nobody knows what the file holds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from router.log.archive_file import put, rename
from router.log.archive_format import About, header, record, stamp, trailer
from router.log.archive_segment import GROWING, SEALED, Segment


class GrowingSegment:
    """An open file, and the digest so far. `size`, `count` and `digest` tell what is durable."""

    def __init__(self, path: Path, about: About, digest: bytes, size: int) -> None:
        self.path, self.about, self.digest, self.size = path, about, digest, size
        self.count = 0
        self.began_at = 0  # `at` of the first entry
        self.last_at = 0
        self.sealed = False
        self._clean = False  # the file ends at `size`
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)

    @classmethod
    def begin(cls, folder: Path, about: About, snapshot: bytes) -> GrowingSegment:
        """A new one, its header durable."""
        path = folder / f"{about.pool}-{about.first_n:016d}{GROWING}"
        raw, digest = header(about, snapshot)
        put(path, raw)
        return cls(path, about, digest, len(raw))

    @classmethod
    def resume(cls, read: Segment, began_at: int) -> GrowingSegment:
        """One that was read to the end of what is whole. What a former run did not sync is synced now."""
        growing = cls(read.path, read.about, read.digest, read.end)
        growing.count, growing.last_at, growing.sealed = read.count, read.last_at, read.sealed
        growing.began_at = began_at
        growing._durably(b"")
        return growing

    def append(self, payloads: Sequence[bytes]) -> None:
        """Adds entries."""
        digest, parts = self.digest, []
        for payload in payloads:
            raw, digest = record(digest, payload)
            parts.append(raw)
        self._durably(b"".join(parts))
        self.began_at = self.began_at or stamp(payloads[0]).at
        self.digest, self.last_at = digest, stamp(payloads[-1]).at
        self.count += len(payloads)

    def seal(self) -> None:
        """Nothing can be added any more, and the name says so. May be repeated after an error."""
        if not self.sealed:
            raw, digest = trailer(self.digest, self.count, self.last_at)
            self._durably(raw)
            self.digest, self.sealed = digest, True
        rename(self.path, self.path.with_name(self.path.name.removesuffix(GROWING) + SEALED))
        self.close()

    def close(self) -> None:
        """Leaves the file as it is, for the next start."""
        os.close(self._file)

    def _durably(self, raw: bytes) -> None:
        if not self._clean:
            os.ftruncate(self._file, self.size)
        self._clean = False
        view, at = memoryview(raw), self.size
        while view:
            done = os.pwrite(self._file, view, at)
            view, at = view[done:], at + done
        os.fsync(self._file)
        self.size, self._clean = at, True
