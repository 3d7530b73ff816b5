"""Where an owned Redis lives: its directory, its socket, and the two locks that keep it single.

It starts nothing and deletes nothing. A lock is held by the kernel for as long as its process lives, so
neither a stale file nor a re-used process id can mislead.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from router.log.file_lock import file_lock
from router.log.owned_errors import DidNotStart

SOCKET = "redis.sock"
LONGEST_SOCKET = 107  # bytes, without the closing NUL: the size of sockaddr_un.sun_path on Linux
LOG_KEPT = 1 << 20  # bytes of the server's own words before a start sets them aside


class Place:
    """One directory."""

    def __init__(self, directory: Path) -> None:
        if not directory.exists():
            directory.mkdir(parents=True, mode=0o700)
        self.directory = directory.resolve()
        self.socket = _short(self.directory) / SOCKET
        self.url = f"unix://{quote(str(self.socket))}"
        self.pid_file = self.directory / "redis.pid"
        self.log = self.directory / "redis.log"
        self.manifest = self.directory / "appendonlydir" / "appendonly.aof.manifest"

    def owner_lock(self) -> BinaryIO | None:
        """Held by the one Guichet that owns this directory; None if another does."""
        return file_lock(self.directory / "guichet.lock")

    def server_lock(self) -> BinaryIO | None:
        """Held by the redis-server on this directory, which inherits it; None if one lives."""
        return file_lock(self.directory / "server.lock")

    def is_at(self, directory: str) -> bool:
        """Is this the same directory, by whatever path?"""
        return os.path.exists(directory) and os.path.samefile(directory, self.directory)

    def pid(self) -> str:
        """What the server wrote of itself: for a human's eyes."""
        with suppress(OSError):
            return self.pid_file.read_text().strip()
        return "of unknown number"

    def open_log(self) -> tuple[BinaryIO, int]:
        """Where the server's words go, and where its next ones begin."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_KEPT:
                self.log.replace(self.log.with_suffix(".log.1"))
        file = self.log.open("ab")
        return file, file.tell()


def _short(directory: Path) -> Path:
    """The directory itself, or a short link to it where the socket's path would be too long to bind."""
    if _fits(directory):
        return directory
    name = blake2b(os.fsencode(directory), digest_size=6).hexdigest()
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        link = Path(base or "/") / f"guichet-{os.getuid()}" / name
        if base and _fits(link):
            _private(link.parent)
            draft = link.with_suffix(f".{os.getpid()}")
            draft.unlink(missing_ok=True)
            draft.symlink_to(directory)
            draft.replace(link)
            return link
    raise DidNotStart(f"{directory} is too long a path for a socket (mend: set a shorter log directory)")


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET


def _private(folder: Path) -> None:
    """Ours alone: in a shared temporary directory somebody else may have made one of this name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise DidNotStart(f"{folder} is not private to this user (mend: delete it)")
