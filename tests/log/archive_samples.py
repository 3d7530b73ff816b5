"""Entries and archives for the archive's tests: made by the real types, of no particular meaning."""

from __future__ import annotations

from pathlib import Path

import msgspec

from router.core.events import Gone
from router.log.archive_writer import ArchiveWriter
from router.log.entry import Entry


def payload(n: int, core: str = "1") -> bytes:
    """An entry as the stream holds it; of varying length."""
    return msgspec.msgpack.encode(Entry(n, 1_000_000 * n, Gone("c" * (1 + n % 50)), core=core))


def payloads(first: int, last: int, core: str = "1") -> list[bytes]:
    return [payload(n, core) for n in range(first, last + 1)]


def opened(folder: Path, pool: str = "main", rewrite_from: int | None = None) -> ArchiveWriter:
    """A writer on what the folder holds."""
    writer = ArchiveWriter(folder, pool)
    writer.open(rewrite_from)
    return writer


def growing(folder: Path, entries: int, *, pool: str = "main") -> Path:
    """An archive of one segment that is not sealed."""
    writer = opened(folder, pool)
    writer.write(payloads(1, entries))
    writer.close()
    return next(folder.glob(f"{pool}-*.garc.open"))


def sealed(folder: Path, entries: int, *, pool: str = "main") -> Path:
    """An archive of one sealed segment."""
    writer = opened(folder, pool)
    writer.write(payloads(1, entries))
    writer.roll()
    writer.close()
    return next(folder.glob(f"{pool}-*.garc"))
