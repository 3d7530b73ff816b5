"""Follows a pool's log and writes each happening into its citizen's journey, exactly once over restarts.

Its position is durable and never passes what is not written; what is told again is known by its entry's
number. It never stops routing: trouble is told, tried again, and meanwhile the log keeps what it needs.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from citizens.cabinet import UnknownCitizen, is_pseudonym
from citizens.keyring import VaultError
from citizens.store import Change
from router.core.events import Contact
from router.door import Unavailable
from router.journey.heard import heard
from router.log.errors import Gap, LogError
from router.log.fold import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from citizens.journey import Happened
    from citizens.register import Register
    from citizens.store import Store
    from router.core.state import State
    from router.door import Door, Released
    from router.log.entry import Entry
    from router.log.pool_log import PoolLog

CHUNK = 500  # entries read at once after a start
SAVE_EVERY = 1.0  # seconds between two writings of the position
SETTLES_IN = 5.0  # seconds within which a gateway has written down whom it met: it does so beside the append
GATHER = 0.2  # seconds
TOGETHER = 8  # citizens in one round trip: about 2 ms of this process's time at most, in which no call moves
PAUSE = 1.0  # seconds after trouble
KNOWN = 50_000  # contacts whose citizen is kept in mind; of others the state is asked

logger = logging.getLogger(__name__)


class JourneyWriter:
    """`door.listen(writer.hear)` and `run` it. `position`: up to there the log is not needed any more."""

    def __init__(self, log: PoolLog, door: Door, register: Register, store: Store) -> None:
        self._log, self._door, self._register, self._store = log, door, register, store
        self._name = f"n:{log.pool}"
        self._heard: asyncio.Queue[Entry] = asyncio.Queue()
        self._citizens: dict[str, str] = {}  # contact -> citizen, newest last
        self._waiting: dict[str, list[Happened]] = {}  # citizen -> what is not written yet
        self._since: dict[str, float] = {}  # citizen who is not known -> since when
        self._read = 0  # entries up to here are written or wait
        self._saved = -1
        self._saved_at = 0.0
        self.position = 0

    def hear(self, released: Released) -> None:
        """A listener of the door."""
        self._heard.put_nowait(released.entry)

    async def run(self) -> None:
        """For ever."""
        told = False
        while True:
            try:
                await self._begin()
                told = False
                while True:
                    await self._round()
            except Unavailable:
                pass  # another owns the pool, and writes its journeys
            except (OSError, LogError) as trouble:
                if not told:
                    logger.error("journeys wait: %s", str(trouble) or type(trouble).__name__)
                told = True
            await asyncio.sleep(PAUSE)

    async def _begin(self) -> None:
        """From the durable position to what the log holds now."""
        (raw,) = await self._store.get([self._name])
        self._read = self._saved = self.position = int(raw or 0)
        self._waiting.clear()
        self._since.clear()
        await self._catch_up(await self._log.top())

    async def _round(self) -> None:
        """What is heard within a moment is written together: calls share this process."""
        try:
            async with asyncio.timeout(GATHER if self._waiting else SAVE_EVERY):
                entries = [await self._heard.get()]
        except TimeoutError:
            entries = []
        else:
            await asyncio.sleep(GATHER)
        while not self._heard.empty():
            entries.append(self._heard.get_nowait())
        for entry in entries:
            if entry.n > self._read + 1:
                await self._catch_up(entry.n - 1)
            if entry.n > self._read:
                await self._take(entry)
        await self._write()
        if time.monotonic() - self._saved_at >= SAVE_EVERY:
            await self._save()

    async def _catch_up(self, top: int) -> None:
        while self._read < top:
            try:
                records = await self._log.read(self._read, min(CHUNK, top - self._read))
            except Gap as gap:
                logger.error("journeys lack entries %d to %d", self._read + 1, gap.found - 1)
                self._read = gap.found - 1
                continue
            if not records:
                return
            for _, raw in records:
                await self._take(decode(raw))
            await self._write()
            await self._save()

    async def _take(self, entry: Entry) -> None:
        """What the entry tells of citizens waits to be written, in order."""
        if isinstance(entry.event, Contact) and entry.event.citizen:
            self._keep(entry.event.contact, entry.event.citizen)
        for happened in heard(entry, self._log.pool):
            citizen = await self._citizen(happened.contact)
            if citizen and is_pseudonym(citizen):
                self._waiting.setdefault(citizen, []).append(happened)
        self._read = entry.n

    async def _write(self) -> None:
        """All that waits, but of citizens who are not written down yet."""
        for names in batched(self._waiting, TOGETHER):
            faults = await self._register.note_all({name: self._waiting[name] for name in names})
            for citizen in names:
                fault = faults.get(citizen)
                if isinstance(fault, UnknownCitizen) and self._may_come(citizen):
                    continue
                if isinstance(fault, VaultError):
                    logger.error("passed over: %s", fault)
                del self._waiting[citizen]
                self._since.pop(citizen, None)

    def _may_come(self, citizen: str) -> bool:
        """Whoever stays unknown was erased, or never was in the register."""
        now = time.monotonic()
        return now - self._since.setdefault(citizen, now) <= SETTLES_IN

    async def _save(self) -> None:
        waiting = [int(rows[0].id.split(":")[1]) for rows in self._waiting.values()]
        reached = min(waiting, default=self._read + 1) - 1
        if reached > self._saved:
            await self._store.swap(Change(sets={self._name: str(reached).encode()}))
            self._saved = self.position = reached
        self._saved_at = time.monotonic()

    async def _citizen(self, contact: str) -> str | None:
        """Whose contact it is, as its arrival said or as the state has it."""
        if contact in self._citizens:
            return self._citizens[contact]
        found = await self._door.read(_citizen_of(contact))
        if found is not None:
            self._keep(contact, found)
        return found

    def _keep(self, contact: str, citizen: str) -> None:
        self._citizens[contact] = citizen
        if len(self._citizens) > KNOWN:
            del self._citizens[next(iter(self._citizens))]


def batched(names: Iterable[str], size: int) -> list[list[str]]:
    every = list(names)
    return [every[at : at + size] for at in range(0, len(every), size)]


def _citizen_of(contact: str) -> Callable[[State], str | None]:
    return lambda state: state.contacts[contact].citizen if contact in state.contacts else None
