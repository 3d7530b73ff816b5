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
        self._making: set[asyncio.Task[list[str]]] = set()
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
        ready, rest = self.start(says)
        return ready if rest is None else [*ready, *await rest]

    def start(self, says: Iterable[Say]) -> tuple[list[str], asyncio.Task[list[str]] | None]:
        """What can be said at once, and what is made meanwhile, to be said after it."""
        pieces = [
            (say, piece)
            for say in says
            for piece in wording.spoken(message_of(say), say.language, say.values)
        ]
        found = [self._there(say, piece) for say, piece in pieces]
        first = found.index(None) if None in found else len(found)
        ready = [_named(file) for file in found[:first] if file is not None]
        if first == len(found):
            return ready, None
        rest = asyncio.get_running_loop().create_task(self._rest(pieces[first:]))
        self._making.add(rest)
        rest.add_done_callback(self._making.discard)
        return ready, rest

    async def _rest(self, pieces: Sequence[tuple[Say, str]]) -> list[str]:
        made = await asyncio.gather(*(self._file(say, piece) for say, piece in pieces))
        return [_named(file) for file in made if file is not None]

    def _there(self, say: Say, piece: str) -> Path | None:
        here = (sounds.file(say.language, piece) for sounds in (self._kept, self._passing))
        return next((file for file in here if file.exists()), None)

    async def _file(self, say: Say, piece: str) -> Path | None:
        if (file := self._there(say, piece)) is not None:
            return file
        sounds = self._kept if (say.language, piece) in self._fixed else self._passing
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


def _named(file: Path) -> str:
    return str(file.with_suffix(""))


def say_of(files: Sequence[str]) -> str:
    """For the dialplan's Background, as far as one variable holds."""
    while files and len("&".join(files)) > SAY_MAX:
        files = files[:-1]
    return "&".join(files)
