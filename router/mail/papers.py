"""Attachments as sealed files: names are keyed hashes, contents open with their thread's key only.

A file is whole and on disk before anybody hears of it. It never unpacks or looks into what it keeps.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.mail.sealing import Seal


class Papers:
    """One folder. All of it blocks: call it in a thread."""

    def __init__(self, folder: Path, keep_s: int) -> None:
        self._folder = folder
        self._keep_s = keep_s

    def put(self, name: str, data: bytes, seal: Seal) -> None:
        """Written aside, synced, moved into place; the same name again is the same content."""
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(seal.close(name, data))
                file.flush()
                os.fsync(handle)
            aside.replace(path)
        finally:
            with suppress(FileNotFoundError):
                aside.unlink()

    def get(self, name: str, seal: Seal) -> bytes:
        """Raises FileNotFoundError or Lost."""
        return seal.open(name, self._path(name).read_bytes())

    def sweep(self) -> int:
        """Delete what is older than anything is kept, and what a crash left half; how many."""
        now, gone = time.time(), 0
        for path in self._folder.glob("??/*"):
            age = now - path.stat().st_mtime
            if age > self._keep_s or (path.suffix == ".part" and age > 3600):
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name
