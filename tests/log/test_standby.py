"""Standbys on a real Redis, against owners in processes of their own that are paused and killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import msgspec
import pytest

from router.core.digest import digest
from router.core.events import Agent, Contact, Takeover
from router.core.snapshot import freeze
from router.core.state import State
from router.core.step import step
from router.core.version import CORE_VERSION
from router.door import Unavailable
from router.log.entry import Entry
from router.log.errors import Damaged, Diverged, Gap, OtherCore, Unfit
from router.log.fold import apply, decode
from router.log.pool_log import PoolLog
from router.owner import Owner
from router.standby import Standby

pytestmark = pytest.mark.redis

TREE = Path(__file__).parents[2]
NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS)


class OwnerProcess:
    """`owner_process.py`, told what to do line by line."""

    def __init__(self, process):
        self.process = process

    @classmethod
    async def start(cls, url, prefix):
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).parent / "owner_process.py"), url, prefix,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(TREE)},
        )  # fmt: skip
        started = cls(process)
        assert await started.says() == "owner"
        return started

    async def says(self):
        return (await asyncio.wait_for(self.process.stdout.readline(), 20)).decode().strip()

    async def rest(self):
        """Everything it still says until it ends."""
        return (await asyncio.wait_for(self.process.stdout.read(), 20)).decode().split("\n")[:-1]

    async def submit(self, count):
        self.process.stdin.write(b"%d\n" % count)
        await self.process.stdin.drain()

    def send(self, how):
        self.process.send_signal(how)

    async def end(self):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self.process._transport.close()


@pytest.fixture
async def owner_process(redis_server):
    started = []

    async def start(prefix):
        started.append(await OwnerProcess.start(redis_server.url, prefix))
        return started[-1]

    yield start
    for process in started:
        await process.end()


async def test_a_killed_owner_is_followed_within_two_leases(owner_process, owning, redis_server, replayed):
    first = await owner_process("a")
    async with owning(redis_server.url, rules=False) as second:
        await first.submit(100)
        acknowledged = set()
        while len(acknowledged) < 100:
            word, name = (await first.says()).split()
            if word == "acknowledged":
                acknowledged.add(name)
        first.send(signal.SIGKILL)
        await asyncio.wait_for(second.ready(), 3)  # the promise: twice the lease
        assert await second.read(lambda state: set(state.contacts)) == acknowledged
        assert digest(await replayed()) == await second.read(digest)


async def test_a_paused_owner_is_fenced_and_performs_nothing(owner_process, owning, redis_server, entries):
    first = await owner_process("a")
    await first.submit(1)
    assert {await first.says(), await first.says()} == {"released a1", "acknowledged a1"}
    first.send(signal.SIGSTOP)
    await first.submit(3)  # it finds these when it wakes up
    async with owning(redis_server.url) as second:
        await second.submit(contact("b1"))
        first.send(signal.SIGCONT)
        assert [await first.says() for _ in range(3)] == ["unavailable not_owner"] * 3
        assert (await second.submit(contact("b2"))).refusal is None
        log = [entry.event for entry in await entries()]
    assert [event.contact for event in log if isinstance(event, Contact)] == ["a1", "b1", "b2"]
    assert [event for event in log if isinstance(event, Takeover)] == [Takeover(1), Takeover(2)]


async def test_owners_killed_at_random_lose_nothing_acknowledged(
    owner_process, owning, redis_server, redis, replayed, entries
):
    chance, acknowledged = random.Random(4), set()
    for round_ in range(6):
        owner = await owner_process(f"r{round_}-")
        await owner.submit(400)
        for _ in range(chance.randrange(1, 700)):
            if (line := await owner.says()).startswith("acknowledged"):
                acknowledged.add(line.split()[1])
        owner.send(signal.SIGKILL)
        acknowledged |= {line.split()[1] for line in await owner.rest() if line.startswith("acknowledged ")}
        await redis.hset(PoolLog(redis, "main").keys.lease, "until", 0)  # spares the test the lease
    async with owning(redis_server.url) as last:
        assert await last.read(lambda state: acknowledged - set(state.contacts)) == set()
        assert digest(await replayed()) == await last.read(digest)
    names = [entry.event.contact for entry in await entries() if isinstance(entry.event, Contact)]
    assert len(names) == len(set(names))


@pytest.fixture
async def filled(owning, redis_server, redis):
    """A log of 42 entries whose owner stopped."""
    async with owning(redis_server.url) as owner:
        await owner.submit(Agent("a1", "ready", skills={"housing": 5}))
        for n in range(40):
            await owner.submit(contact(f"c{n}"))
    return PoolLog(redis, "main")


async def state_at(log, n):
    """Bytes of the state after entry `n`, from the log."""
    state = State()
    for number, raw in await log.read(0):
        if number <= n:
            apply(state, decode(raw), step)
    return freeze(state)


async def test_a_start_goes_from_the_snapshot_on(filled, redis):
    await filled.recognise()
    await filled.save_snapshot(20, await state_at(filled, 20))
    await filled.acquire()
    await filled.trim(21)
    await filled.release()
    state, lease = await Standby(PoolLog(redis, "main"), step).take_over()
    assert (state.n, lease.epoch) == (42, 3)
    assert set(state.contacts) == {f"c{n}" for n in range(40)}


async def test_a_snapshot_ahead_of_a_log_that_lost_entries_goes_on(filled, redis, redis_server, owning):
    await filled.recognise()
    await filled.save_snapshot(42, await state_at(filled, 42))
    await redis.xdel(filled.keys.log, *(f"{n}-0" for n in range(30, 43)))
    async with owning(redis_server.url) as owner:
        assert await owner.read(lambda state: len(state.contacts)) == 40
        await owner.submit(contact("new"))
    async with owning(redis_server.url) as owner:
        assert await owner.read(lambda state: len(state.contacts)) == 41


async def test_a_log_with_a_hole_nothing_stands_for_is_not_owned(filled, redis):
    await redis.xdel(filled.keys.log, "20-0")
    with pytest.raises(Gap):
        await Standby(PoolLog(redis, "main"), step).take_over()
    assert await redis.hget(filled.keys.lease, "until") == b"0"


class TrimmedUnderItsReader(PoolLog):
    """Once ten entries were read, an owner saves a snapshot and trims all that it stands for."""

    def __init__(self, redis, owner_log):
        super().__init__(redis, "main")
        self.owner_log = owner_log

    async def read(self, after_n, count=256, wait=0):
        if after_n == 10 and self.owner_log.lease is None:
            state = await state_at(self.owner_log, 30)
            await self.owner_log.acquire()
            await self.owner_log.save_snapshot(30, state)
            await self.owner_log.trim(31)
            await redis_lapse(self.redis, self.owner_log)
        return await super().read(after_n, min(count, 10), wait)


async def redis_lapse(redis, log):
    """The lease is over, without waiting for it."""
    await redis.hset(log.keys.lease, "until", 0)


async def test_a_standby_overtaken_by_trimming_takes_the_newer_snapshot(filled, redis):
    state, _ = await Standby(TrimmedUnderItsReader(redis, filled), step).take_over()
    assert state.n == 42
    assert await redis.xlen(filled.keys.log) == 12


def tampered(entry: Entry, **changes):
    return msgspec.msgpack.encode(msgspec.structs.replace(entry, **changes))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"effects": ()}, Diverged),
        ({"digest": "0" * 32}, Diverged),
        ({"at": 1}, Diverged),
        ({"core": "0"}, OtherCore),
    ],
)
async def test_what_cannot_be_proved_is_not_owned(filled, redis, entries, changes, error):
    """Entry 3 is the one that offers c0 to a1."""
    log = await entries()
    await redis.delete(filled.keys.log)
    for entry in log:
        raw = tampered(entry, **changes) if entry.n == 3 else msgspec.msgpack.encode(entry)
        await redis.xadd(filled.keys.log, {"e": raw}, id=f"{entry.n}-0")
    with pytest.raises(error):
        await Standby(PoolLog(redis, "main"), step).take_over()
    assert await redis.hget(filled.keys.lease, "until") == b"0"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"\xffdamaged", Damaged),
        (msgspec.msgpack.encode({"core": CORE_VERSION, "n": 42}), Damaged),
        (msgspec.msgpack.encode({"core": "0", "n": 42}), OtherCore),
    ],
)
async def test_damage_is_not_told_as_another_core(filled, redis, raw, error):
    await filled.recognise()
    await filled.save_snapshot(42, raw)
    with pytest.raises(error):
        await Standby(PoolLog(redis, "main"), step).take_over()
    await redis.delete(filled.keys.snapshot)
    await redis.delete(filled.keys.log)
    await redis.xadd(filled.keys.log, {"e": raw}, id="1-0")
    with pytest.raises(error):
        await Standby(PoolLog(redis, "main"), step).take_over()


async def test_an_unfit_server_is_not_owned(redis):
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(Unfit, match="noeviction"):
        await Standby(PoolLog(redis, "main"), step).take_over()


async def test_a_standby_keeps_the_digest_of_the_owner(owning, redis_server, redis):
    """It has stepped along before it takes over: nothing is left to read but the last few."""
    async with owning(redis_server.url) as first, owning(redis_server.url, rules=False) as second:
        await asyncio.gather(*(first.submit(contact(f"c{n}")) for n in range(1100)))
        wanted = await first.read(lambda state: (state.n, digest(state)))
        await first.stop()
        await asyncio.wait_for(second.ready(), 5)
        assert wanted[0] == 1101
        assert await second.read(lambda state: state.n) == 1102


async def test_a_standby_that_is_stopped_just_stops(filled, redis, owning, redis_server):
    async with owning(redis_server.url):
        standing_by = Owner(PoolLog(redis, "main"))
        running = asyncio.create_task(standing_by.run())
        await asyncio.wait([running], timeout=0.3)
        await standing_by.stop()
        assert running.done()
        with pytest.raises(Unavailable):
            await standing_by.submit(contact("late"))
