"""What a flow says on the phone: each sentence as the sound files that Asterisk plays one after the other.

What is fixed was made at publication. What a value adds (a sum, a date) is made now, kept a few minutes in a
folder of its own, and forgotten: it may be about somebody. A piece that cannot be made is left out and
logged by the prompt's name, never by its text.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from ivr_flows import wording
from ivr_flows.house import message_of
from ivr_flows.model import Flows
from ivr_flows.sayings import wanted
from ivr_flows.session import Say
from ivr_flows.speech import NoSpeech, Sounds

log = logging.getLogger(__name__)

PASSING_S = 900.0  # a citizen's own words stay so long
SAY_MAX = 900  # bytes of a variable that Asterisk takes whole
SAFE = re.compile(r"/[A-Za-z0-9/_.-]+\Z")  # a path that is one word for the dialplan


class Mouth:
    """`kept` has what flows always say, `passing` what they say to one citizen."""

    def __init__(
        self, kept: Sounds, passing: Sounds, count: Callable[[str], None] = lambda word: None
    ) -> None:
        for folder in (kept.folder, passing.folder):
            if not SAFE.match(str(folder)):
                raise ValueError(f"{folder}: the path of sounds may hold letters, digits and _ . - / alone")
        self._kept, self._passing, self._count = kept, passing, count
        self._fixed: set[tuple[str, str]] = set()
        self._preparing: dict[int, asyncio.Task[None]] = {}
        self._swept = 0.0

    async def prepare(self, flows: Flows) -> None:
        """Make everything these flows say, once. Who comes meanwhile waits for their own pieces alone."""
        if id(flows) not in self._preparing:
            self._preparing[id(flows)] = asyncio.get_running_loop().create_task(self._prepare(flows))
        await asyncio.shield(self._preparing[id(flows)])

    async def _prepare(self, flows: Flows) -> None:
        everything = await asyncio.to_thread(wanted, flows)
        self._fixed.update(everything)
        made = await asyncio.to_thread(self._kept.make_all, everything)
        if made.new or made.failed:
            log.info("sounds made", extra={"new": made.new, "failed": len(made.failed)})
        for _, why in made.failed[:1]:
            log.error("a prompt has no sound: %s", why)

    def file(self, language: str, text: str) -> Path:
        """Where the sound of something that is always said belongs."""
        return self._kept.file(language, text)

    async def files(self, says: Iterable[Say]) -> list[str]:
        """Their sounds in order, as Asterisk names them: without the ending."""
        pieces = [
            (say, piece)
            for say in says
            for piece in wording.spoken(message_of(say), say.language, say.values)
        ]
        found = [self._kept.file(say.language, piece) for say, piece in pieces]
        if not all(file.exists() for file in found):  # made side by side
            made = await asyncio.gather(*(self._file(say, piece) for say, piece in pieces))
            found = [file for file in made if file is not None]
        return [str(file.with_suffix("")) for file in found]

    async def _file(self, say: Say, piece: str) -> Path | None:
        file = self._kept.file(say.language, piece)
        if file.exists():
            return file
        sounds = self._kept if (say.language, piece) in self._fixed else self._passing
        file = sounds.file(say.language, piece)
        if file.exists():
            return file
        try:
            self._count("spoken_late")
            return await asyncio.to_thread(sounds.make, say.language, piece)
        except (NoSpeech, OSError) as fault:
            log.error("%s is not said: %s", say.prompt, type(fault).__name__)
            return None

    def sweep(self) -> None:
        """Forget what was said to single citizens a while ago."""
        now = time.time()
        if now - self._swept < PASSING_S / 10:
            return
        self._swept = now
        for file in self._passing.folder.glob("*"):
            with suppress(FileNotFoundError):  # one that is just being made has its name for a moment only
                if now - file.stat().st_mtime > PASSING_S:
                    file.unlink()


def say_of(files: Sequence[str]) -> str:
    """For the dialplan's Background, as far as one variable holds."""
    while files and len("&".join(files)) > SAY_MAX:
        files = files[:-1]
    return "&".join(files)
