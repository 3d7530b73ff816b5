"""Carries a pool's log into its archive, keeps snapshots, and trims the log below both. It decides nothing.

The order is the promise: entries on disk, snapshot on disk, snapshot in Redis, and only then is anything
trimmed. So a death between any two lines loses nothing, and the next run goes on from what it finds.
Trouble here never stops routing: it is told, tried again, and meanwhile the log keeps everything.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from router.core.snapshot import freeze
from router.door import Door, Unavailable
from router.log.archive_errors import ArchiveError, OtherLog
from router.log.archive_retention import retire
from router.log.archive_writer import ArchiveWriter
from router.log.errors import Fenced, Gap, LogError
from router.log.pool_log import PoolLog

CHUNK = 1000  # entries read at once
WAIT = 0.8  # seconds a read waits for the next entry
LINGER = 0.25  # seconds a batch gathers: each of our fsyncs stands in the way of the log's own
PAUSE = 1.0  # seconds after trouble
LAST_WORDS = 2.0  # seconds the last snapshot may take when this is cancelled
DAY = 24 * 3600 * 1_000_000  # microseconds

P = ParamSpec("P")
T = TypeVar("T")
TROUBLE = (LogError, ArchiveError, Unavailable, OSError)
logger = logging.getLogger(__name__)


class Archiver:
    """`run` it beside the owner; cancelled, it archives what is there and takes a last snapshot."""

    def __init__(
        self, log: PoolLog, writer: ArchiveWriter, door: Door,
        *, every: int = 10_000, period: float = 60.0, keep_days: int | None = None,
        needed: Callable[[], int | None] = lambda: None,
    ) -> None:  # fmt: skip
        self._log, self._writer, self._door = log, writer, door
        self._every, self._period, self._keep_days = every, period, keep_days
        self._needed = needed  # entries beyond this one are still read by somebody; None: nobody
        self._disk = ThreadPoolExecutor(1, "archive")  # one thread: its calls never overtake each other
        self._kept_at = time.monotonic()
        self.kept = 0  # the last entry in the newest snapshot this run took
        self.trouble = "not begun"  # what stands in the way now
        self._told = ""  # the trouble last logged: only a write shows that it is over

    @property
    def archived(self) -> int:
        """The last entry that the archive holds for good."""
        return self._writer.n

    async def run(self) -> None:
        """For ever."""
        try:
            while True:
                try:
                    await self._begin()
                    while True:
                        await self._round()
                except TROUBLE as error:
                    self._tell(str(error) or type(error).__name__)
                await asyncio.sleep(PAUSE)
        except asyncio.CancelledError:
            with suppress(*TROUBLE):
                async with asyncio.timeout(LAST_WORDS):
                    await self._last()
            raise
        finally:
            closing = self._disk.submit(self._writer.close)  # a second cancellation cannot take this back
            self._disk.shutdown(wait=False)
            await asyncio.shield(asyncio.wrap_future(closing))

    async def _begin(self) -> None:
        """Opens the archive where it ends, and makes sure that the log goes on from there."""
        oldest = await self._oldest()
        await self._on_disk(self._writer.open, oldest)
        if self._writer.n:
            await self._same_story()
        elif oldest > 1 and (kept := await self._log.load_snapshot()) is not None:
            await self._on_disk(self._writer.snapshots.save, *kept)
            self._writer.start_after(kept[0])
        self.trouble = ""

    async def _round(self) -> None:
        """What the log has beyond the archive; now and then a snapshot."""
        count = await self._archive(CHUNK, WAIT)
        due = time.monotonic() - self._kept_at >= self._period
        if due or self._writer.n - self.kept >= self._every:
            await self._snapshot()
        if 0 < count < CHUNK:
            await asyncio.sleep(LINGER)

    async def _archive(self, count: int, wait: float = 0) -> int:
        records = await self._log.read(self._writer.n, count, wait)
        if records:
            await self._on_disk(self._writer.write, [raw for _, raw in records])
            if self._told:
                logger.info("the archive goes on")
                self._told = ""
        return len(records)

    async def _snapshot(self) -> None:
        """The state, on disk and in Redis; then what both stand for is trimmed from the log."""
        writer, self._kept_at = self._writer, time.monotonic()
        try:
            n, frozen = await self._door.read(lambda state: (state.n, freeze(state)))
        except Unavailable:
            return  # a standby, or the log is silent: whoever owns the pool takes it
        while writer.n < n:
            if not await self._archive(min(CHUNK, n - writer.n)):
                raise Gap(n, writer.n)
        await self._on_disk(writer.snapshots.save, n, frozen)
        await self._log.save_snapshot(n, frozen)
        self.kept = n
        if writer.full and writer.n == n:  # so the next segment begins with this state
            await self._on_disk(writer.roll)
        with suppress(Fenced):
            read = self._needed()
            await self._log.trim(min(n, writer.n, n if read is None else read))
        if self._keep_days is not None:
            before = time.time_ns() // 1000 - self._keep_days * DAY
            await self._on_disk(retire, writer.folder, writer.pool, before)

    async def _last(self) -> None:
        """Nothing where there is trouble: what is on disk then may be of another log."""
        await self._on_disk(lambda: None)  # what was on its way when this was cancelled is over then
        if not self.trouble:
            await self._snapshot()

    async def _oldest(self) -> int:
        """The number of the first entry the log still has; 1 if it has none yet."""
        try:
            await self._log.read(0, 1)
        except Gap as gap:
            return gap.found
        return 1

    async def _same_story(self) -> None:
        """The log must hold the archive's last entry, byte for byte: it is never trimmed so far."""
        writer = self._writer
        try:
            records = await self._log.read(writer.n - 1, 1)
        except Gap:
            records = []
        if not records or (writer.last and records[0][1] != writer.last):
            what = f"entry {writer.n} of the archive is not what the log holds there"
            raise OtherLog(writer.folder / writer.pool, 0, what)

    async def _on_disk(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """In the thread: what it has begun goes on to its end even when this is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, lambda: work(*args, **kwargs))

    def _tell(self, trouble: str) -> None:
        """Once when it begins; that it is over is told by the next write."""
        self.trouble = trouble
        if trouble != self._told:
            logger.error("the archive waits: %s", trouble)
            self._told = trouble
