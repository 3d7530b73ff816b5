"""Frozen states beside the archive, so that Redis may be lost and the pool still be rebuilt.

A snapshot on disk is a digest and the state; one that is damaged is passed over for the one before it.
"""

from __future__ import annotations

import logging
from pathlib import Path

from router.log.archive_file import put
from router.log.archive_format import DIGEST, GENESIS, link

KEPT = 2  # the newest may be damaged, by a disk or by us: then there is one more
log = logging.getLogger(__name__)


class Snapshots:
    """The snapshots of one pool in one folder."""

    def __init__(self, folder: Path, pool: str) -> None:
        self._folder, self._pool = folder, pool

    def save(self, n: int, state: bytes) -> None:
        """Durable when it returns. Older ones beyond those kept are deleted."""
        self._folder.mkdir(parents=True, exist_ok=True)
        put(self._path(n), link(GENESIS, n.to_bytes(8, "big"), state) + state)
        for old in self._paths()[KEPT:]:
            old.unlink(missing_ok=True)

    def at(self, n: int) -> bytes:
        """The state after entry `n`, empty where it is not kept or not whole."""
        try:
            content = self._path(n).read_bytes()
        except FileNotFoundError:
            return b""
        digest, state = content[:DIGEST], content[DIGEST:]
        if link(GENESIS, n.to_bytes(8, "big"), state) == digest:
            return state
        log.warning("snapshot is damaged, passed over", extra={"pool": self._pool, "n": n})
        return b""

    def newest(self) -> tuple[int, bytes] | None:
        """The newest whole state, and the number of the last entry in it."""
        for path in self._paths():
            n = _number(path)
            if state := self.at(n):
                return n, state
        return None

    def _path(self, n: int) -> Path:
        return self._folder / f"{self._pool}-{n:016d}.snapshot"

    def _paths(self) -> list[Path]:
        found = [p for p in self._folder.glob("*.snapshot") if p.stem.rpartition("-")[0] == self._pool]
        return sorted(found, reverse=True)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])
