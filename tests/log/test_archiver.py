"""The archiver beside a real owner on a real Redis: killed between any two of its lines, it loses nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from router.archiver import Archiver
from router.core.digest import digest
from router.core.events import Agent, Contact, Gone
from router.core.snapshot import thaw
from router.core.state import State
from router.core.step import step
from router.log.archive import archive_start, read_archive
from router.log.archive_snapshots import Snapshots
from router.log.archive_writer import ArchiveWriter
from router.log.fold import catch_up, last_snapshot
from router.log.pool_log import PoolLog
from router.owner import Owner
from tests.log.archive_samples import payloads

pytestmark = pytest.mark.redis


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it."""


class Mortal:
    """Ports that die at a named line, before or after it was done."""

    def __init__(self, line: str = "", when: str = "") -> None:
        self.line, self.when = line, when
        self.died = False

    def at(self, line: str, when: str) -> None:
        if (line, when) == (self.line, self.when) and not self.died:
            self.died = True
            raise Killed(line)


class MortalSnapshots(Snapshots):
    mortal: Mortal

    def save(self, n: int, state: bytes) -> None:
        self.mortal.at("snapshot on disk", "before")
        super().save(n, state)
        self.mortal.at("snapshot on disk", "after")


class MortalWriter(ArchiveWriter):
    full = True  # rolls at each snapshot

    def __init__(self, folder: Path, mortal: Mortal) -> None:
        super().__init__(folder, "main")
        self.snapshots = MortalSnapshots(folder / "snapshots", "main")
        self.snapshots.mortal = self.mortal = mortal

    def write(self, payloads) -> int:
        self.mortal.at("write", "before")
        n = super().write(payloads)
        self.mortal.at("write", "after")
        return n

    def roll(self) -> None:
        self.mortal.at("roll", "before")
        super().roll()
        self.mortal.at("roll", "after")


class MortalLog(PoolLog):
    mortal: Mortal

    async def save_snapshot(self, n: int, state: bytes) -> None:
        self.mortal.at("snapshot in redis", "before")
        await super().save_snapshot(n, state)
        self.mortal.at("snapshot in redis", "after")

    async def trim(self, below_n: int) -> int:
        self.mortal.at("trim", "before")
        gone = await super().trim(below_n)
        self.mortal.at("trim", "after")
        return gone


class House:
    """A pool whose owner lives on while its archiver comes and goes."""

    def __init__(self, owner: Owner, log: MortalLog, folder: Path) -> None:
        self.owner, self.log, self.folder = owner, log, folder
        self.heard: list[int] = []
        self.count = 0

    async def live(self, contacts: int) -> None:
        for _ in range(contacts):
            self.count += 1
            await self.owner.submit(Contact(f"c{self.count}", "phone", ({"housing": 3},)))
            await self.owner.submit(Gone(f"c{self.count}"))

    @asynccontextmanager
    async def archiver(self, mortal: Mortal | None = None) -> AsyncIterator[Archiver]:
        """Running; ended in good order at the end, unless it died."""
        self.log.mortal = mortal or Mortal()
        archiver = Archiver(self.log, MortalWriter(self.folder, self.log.mortal), self.owner, every=20)
        running = asyncio.create_task(archiver.run())
        yield archiver
        running.cancel()
        (ended,) = await asyncio.gather(running, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError | Killed), ended

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not done():  # noqa: ASYNC110  # what a thread does with a disk has no event of its own
                await asyncio.sleep(0.01)

    async def check(self) -> None:
        """The archive alone, and what Redis kept alone, each give the owner's very state."""
        now, n = await self.owner.read(lambda state: (digest(state), state.n))
        first, frozen = archive_start(self.folder)
        state = thaw(frozen) if frozen else State()
        assert state.n == first - 1
        for entry, _ in read_archive(self.folder):
            if entry.n <= n:
                assert step(state, entry.event, entry.at, entry.origin).effects == entry.effects
        assert digest(state) == now
        state = await last_snapshot(self.log)
        await catch_up(self.log, state, step)
        assert digest(state) == now


@pytest.fixture
async def house(owning, redis_server, redis, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as parts:
        owner = await parts.enter_async_context(owning(redis_server.url))
        await owner.submit(Agent("a1", "ready", skills={"housing": 5}))
        log = MortalLog(redis, "main")
        log.lease, log.generation = owner._log.lease, owner._log.generation
        log.mortal = Mortal()
        yield House(owner, log, tmp_path / "archive")


LINES = ("write", "snapshot on disk", "snapshot in redis", "roll", "trim")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("line", LINES)
async def test_killed_anywhere_it_loses_nothing_and_goes_on(house: House, line: str, when: str) -> None:
    mortal = Mortal(line, when)
    async with house.archiver(mortal):
        await house.live(12)
        await house.until(lambda: mortal.died)
    await house.live(3)
    async with house.archiver() as second:
        await house.live(12)
        await house.until(lambda: second.kept >= 30)
        await house.live(2)
    await house.check()


async def test_the_log_is_trimmed_below_the_snapshot_and_the_archive_only(house: House) -> None:
    class Slow(MortalWriter):
        """An archive whose disk is full: it takes nothing."""

        def write(self, payloads) -> int:
            raise OSError(28, "No space left on device")

    archiver = Archiver(house.log, Slow(house.folder, Mortal()), house.owner, every=5, period=0.01)
    running = asyncio.create_task(archiver.run())
    await house.live(30)
    await house.until(lambda: archiver.trouble not in ("", "not begun"))
    assert "No space left" in archiver.trouble
    running.cancel()
    await asyncio.wait([running])
    assert len(await house.log.read(0, 1000)) >= 60, "nothing is trimmed that is in no archive"
    async with house.archiver() as second:
        await house.until(lambda: second.kept >= 60)
        await house.until(lambda: not second.trouble)
    assert await Archiver(house.log, ArchiveWriter(house.folder, "main"), house.owner)._oldest() > 50
    await house.check()


async def test_stopped_in_good_order_the_last_state_is_kept(house: House) -> None:
    async with house.archiver() as archiver:
        await house.until(lambda: archiver.archived > 0)
        await house.live(3)
    n = await house.owner.read(lambda state: state.n)
    newest = Snapshots(house.folder / "snapshots", "main").newest()
    assert newest is not None
    assert newest[0] >= 8
    assert newest[0] <= n
    assert thaw(newest[1]).n == newest[0]


async def test_an_archive_of_another_log_is_left_alone(house: House) -> None:
    stranger = ArchiveWriter(house.folder, "main")
    stranger.open()
    stranger.write(payloads(1, 2))
    stranger.close()
    before = [p.read_bytes() for p in house.folder.glob("*.garc*")]
    async with house.archiver() as archiver:
        await house.until(lambda: archiver.trouble not in ("", "not begun"))
        assert "not what the log holds" in archiver.trouble
    assert [p.read_bytes() for p in house.folder.glob("*.garc*")] == before


async def test_an_archive_begun_late_begins_with_the_state_redis_keeps(house: House, tmp_path: Path) -> None:
    async with house.archiver() as first:
        await house.live(30)
        await house.until(lambda: first.kept >= 50)
    house.folder = tmp_path / "another"
    async with house.archiver() as second:
        await house.live(3)
        await house.until(lambda: second.archived >= 60)
    assert archive_start(house.folder)[0] > 1
    await house.check()


async def test_cancelled_while_the_disk_writes_it_waits_for_it(house: House) -> None:
    """The last snapshot must not read the log from where the archive was before that write."""
    writing, go_on = threading.Event(), threading.Event()

    class Held(MortalWriter):
        def write(self, payloads) -> int:
            writing.set()
            go_on.wait(10)
            return super().write(payloads)

    archiver = Archiver(house.log, Held(house.folder, Mortal()), house.owner)
    running = asyncio.create_task(archiver.run())
    await house.live(3)
    await house.until(writing.is_set)
    running.cancel()
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert archiver.kept == archiver.archived == await house.owner.read(lambda state: state.n)
    await house.check()
