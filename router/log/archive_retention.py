"""Deletes whole sealed segments that are old enough, and never one that replay still needs."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

from router.log.archive import segment_paths
from router.log.archive_errors import Changed, Cut
from router.log.archive_file import sync_folder
from router.log.archive_format import DIGEST, RECORD, TRAILER, head
from router.log.archive_segment import Segment


def retire(folder: Path, pool: str, before: int) -> list[Path]:
    """Deletes segments whose last entry is from before this instant (microseconds); says which.

    Oldest first, and only while the next segment opens with the state before its first entry: so what is
    kept can be replayed from its own first entry, and its chain proven from there.
    """
    gone = []
    paths = segment_paths(folder, pool)
    for path, following in pairwise(paths):
        if last_instant(path) >= before or not _begins_with_state(following):
            break
        path.unlink()
        gone.append(path)
    if gone:
        sync_folder(folder)
    return gone


def last_instant(path: Path) -> int:
    """When the last entry of a sealed segment was taken: read from its seal alone."""
    size = RECORD.size + TRAILER.size + DIGEST
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) < size:
            raise Cut(path, 0, "the sealed segment was cut: it ends without its seal")
        at = file.seek(-size, os.SEEK_END)
        raw = file.read(size)
    if not raw.startswith(head(0)):
        raise Changed(path, at, "the seal is not what was written")
    _, last_at = TRAILER.unpack(raw[RECORD.size : RECORD.size + TRAILER.size])
    return int(last_at)


def _begins_with_state(path: Path) -> bool:
    with Segment(path) as segment:
        return bool(segment.snapshot)
