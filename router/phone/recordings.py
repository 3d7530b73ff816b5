"""Deletes recordings whose time is over, or whose citizen is erased, in Asterisk's folders that it can see.

It must never delete anything but a contact's recording, nor follow a link, nor hold up a call.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from citizens.elsewhere import Theirs

log = logging.getLogger(__name__)

NAME = re.compile(r"c-[0-9a-f]{16}\.wav\Z")  # as guichet_controls.conf calls them
EVERY_S = 3600.0
DAY_S = 86_400.0


class Recordings:
    """`citizens.elsewhere.Elsewhere`. An export names the files that are to go with it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def owns(self, name: str) -> bool:
        return False

    async def export(self, theirs: Theirs) -> dict[str, Any]:
        return {"recordings": await asyncio.to_thread(lambda: [path.name for path in self._of(theirs)])}

    async def erased(self, theirs: Theirs) -> None:
        def delete_all() -> None:
            for path in self._of(theirs):
                path.unlink(missing_ok=True)

        await asyncio.to_thread(delete_all)

    def _of(self, theirs: Theirs) -> list[Path]:
        paths = [folder / f"{contact}.wav" for folder in self._folders for contact in theirs.contacts]
        return [path for path in paths if NAME.match(path.name) and path.is_file() and not path.is_symlink()]


async def expire(folder: Path, keep_days: float, count: Callable[[str], None]) -> NoReturn:
    """At the start and each hour. What cannot be deleted is told, and tried again."""
    while True:
        try:
            gone = await asyncio.to_thread(delete, folder, time.time() - keep_days * DAY_S)
        except OSError as fault:
            log.error("recordings whose time is over are not deleted: %s", fault.strerror)
        else:
            for _ in range(gone):
                count("recordings_deleted")
        await asyncio.sleep(EVERY_S)


def delete(folder: Path, before: float) -> int:
    """How many were last written to before then, and are deleted now. Raises OSError."""
    with os.scandir(folder) as found:
        old = [each for each in found if _is_recording(each) and _written(each) < before]
    for each in old:
        os.unlink(each.path)
    return len(old)


def _is_recording(file: os.DirEntry[str]) -> bool:
    return bool(NAME.match(file.name)) and file.is_file(follow_symlinks=False)


def _written(file: os.DirEntry[str]) -> float:
    return file.stat(follow_symlinks=False).st_mtime
