"""A lock on a file: held by the kernel for as long as its process lives, so it is never stale."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import BinaryIO


def file_lock(path: Path) -> BinaryIO | None:
    """Held until the file is closed, by whoever inherited it too; None if another process holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except BaseException:
        file.close()
        raise
    return file
