"""Files that are there whole or not at all, and outlive a power cut. It knows nothing of what they hold."""

from __future__ import annotations

import os
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Writes `path` at once: under another name, made durable, then renamed."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    rename(draft, path)


def rename(path: Path, to: Path) -> None:
    """Renames within a folder, durably."""
    path.rename(to)
    sync_folder(to.parent)


def sync_folder(folder: Path) -> None:
    """Makes names in `folder` durable."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
