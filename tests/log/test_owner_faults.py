"""The owner when things break, on a real Redis: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from router.core.digest import digest
from router.core.events import Agent, Contact, Gone, Refused, Relax, Shift, Takeover, Tick
from router.core.step import step
from router.door import Unavailable
from router.log.errors import Diverged, LogUnreachable, Wiped
from router.log.inbox import InboxClient
from router.log.pool_log import PoolLog
from router.owner import Owner, reign, tail

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


def released(owner, wanted):
    """Done once an entry for which `wanted` holds was released."""
    seen = asyncio.get_running_loop().create_future()

    def listener(entry):
        if wanted(entry.entry) and not seen.done():
            seen.set_result(entry.entry)

    owner.listen(listener)
    return asyncio.wait_for(seen, 10)


async def names(entries):
    return [entry.event.contact for entry in await entries() if isinstance(entry.event, Contact)]


async def test_a_lost_reply_loses_and_doubles_nothing(owning, redis_server, lossy, entries):
    async with owning(lossy.url) as owner:
        await owner.submit(contact("c0"))
        for n in range(1, 6):
            lossy.lose_replies, lossy.only_if = 1, b"c%d" % n
            assert not (await owner.submit(contact(f"c{n}"))).duplicate
            assert lossy.lose_replies == 0
    assert await names(entries) == [f"c{n}" for n in range(6)]


async def test_a_killed_server_takes_nothing_acknowledged_with_it(owning, redis_server, entries, replayed):
    async with owning(redis_server.url) as owner:
        acknowledged = []

        async def submit(name):
            try:
                await owner.submit(contact(name))
            except Unavailable:
                return
            acknowledged.append(name)

        for round_ in range(3):
            tasks = [asyncio.create_task(submit(f"c{round_}-{n}")) for n in range(500)]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            redis_server.kill()
            redis_server.start()
            await asyncio.gather(*tasks)
            await again(owner)
        there = await names(entries)
        assert set(acknowledged) <= set(there)
        assert len(there) == len(set(there))
        assert digest(await replayed()) == await owner.read(digest)


async def again(owner):
    """Until the log takes events again, as a gateway finds out: by trying."""
    for _ in range(100):
        try:
            await owner.submit(Tick())
            return
        except Unavailable:
            await asyncio.sleep(0.05)
    raise AssertionError("the log did not come back")


async def test_without_its_log_the_door_says_so_in_time(owning, redis_server, entries):
    async with owning(redis_server.url) as owner:
        await owner.submit(contact("c1"))
        redis_server.pause()
        waiting = asyncio.create_task(owner.submit(contact("c2")))
        loop = asyncio.get_running_loop()
        started = loop.time()
        with pytest.raises(Unavailable) as late:
            await waiting
        assert late.value.code == "log_unavailable"
        assert loop.time() - started < 2.5  # the promise: two seconds
        assert owner.last_append_age() > 1.9
        for ask in (owner.submit(contact("c3")), owner.read(digest)):
            with pytest.raises(Unavailable):
                await asyncio.wait_for(ask, 0.5)
        shifted = released(owner, lambda entry: isinstance(entry.event, Shift))
        redis_server.go_on()
        assert (await shifted).event.by > 1_900_000
        assert (await owner.submit(contact("c2"))).duplicate  # it came to be after all
    assert await names(entries) == ["c1", "c2"]


async def test_what_the_inbox_brought_waits_out_an_outage(owning, redis_server, redis, monkeypatch):
    monkeypatch.setattr(reign, "PATIENCE", 0.05)
    async with owning(redis_server.url) as owner:
        taken = released(owner, lambda entry: entry.event == contact("c1"))
        both = redis.pipeline(transaction=True)
        envelope = {"g": "phone-1", "q": "1", "e": msgspec.msgpack.encode(contact("c1"))}
        both.xadd(PoolLog(redis, "main").keys.inbox, envelope)
        both.config_set("maxmemory", 1)
        await both.execute()
        await asyncio.sleep(0.3)  # far longer than anybody is kept waiting
        await redis.config_set("maxmemory", 0)
        assert (await taken).origin.seq == 1
        await owner.submit(contact("c2"))


async def test_after_a_slow_answer_the_lease_is_renewed_before_anything_is_released(owning, redis_server):
    async with owning(redis_server.url) as owner:
        left = []
        owner.listen(lambda entry: left.append(entry.do_before - owner.now()))
        redis_server.pause()
        asyncio.get_running_loop().call_later(1.2, redis_server.go_on)
        await owner.submit(contact("c1"))
        assert left[0] > 500_000


async def test_entries_lost_are_appended_again(owning, redis_server, redis, entries, replayed):
    async with owning(redis_server.url) as owner:
        for n in range(10):
            await owner.submit(contact(f"c{n}"))
        before = await entries()
        await redis.xdel(PoolLog(redis, "main").keys.log, *(f"{entry.n}-0" for entry in before[-4:]))
        await owner.submit(contact("c10"))
        after = await entries()
        assert after[:-1] == before
        assert digest(await replayed()) == await owner.read(digest)


async def test_entries_lost_and_forgotten_mean_a_new_start_from_the_log(
    owning, redis_server, redis, entries, replayed, monkeypatch
):
    monkeypatch.setattr(tail, "MOST_ENTRIES", 2)
    async with owning(redis_server.url) as owner:
        for n in range(10):
            await owner.submit(contact(f"c{n}"))
        anew = released(owner, lambda entry: entry.event == Takeover(2))
        lost = [f"{entry.n}-0" for entry in (await entries())[-4:]]
        await redis.xdel(PoolLog(redis, "main").keys.log, *lost)
        with pytest.raises(Unavailable):
            await owner.submit(contact("c10"))
        await anew
        await owner.ready()
        await owner.submit(contact("c11"))
        assert digest(await replayed()) == await owner.read(digest)
    assert await names(entries) == [*(f"c{n}" for n in range(6)), "c11"]


async def test_a_fenced_owner_drops_its_state_and_stands_by(owning, redis_server, redis, entries):
    async with owning(redis_server.url) as owner:
        await owner.submit(contact("c1"))
        other = PoolLog(redis, "main")
        await redis.hset(other.keys.lease, "until", 0)
        await other.acquire()
        with pytest.raises(Unavailable) as fenced:
            await owner.submit(contact("c2"))
        assert fenced.value.code == "not_owner"
        assert owner.last_append_age() == float("inf")
        back = released(owner, lambda entry: entry.event == Takeover(3))
        await other.release()
        await back
    assert await names(entries) == ["c1"]


async def test_of_two_owners_one_rules(owning, redis_server):
    url = redis_server.url
    async with owning(url) as first, owning(url, rules=False) as second:
        with pytest.raises(Unavailable) as standing_by:
            await second.submit(contact("c1"))
        assert standing_by.value.code == "not_owner"
        await first.submit(contact("c1"))
        await first.stop()
        await asyncio.wait_for(second.ready(), 5)
        assert (await second.submit(contact("c1"))).duplicate


async def test_a_wiped_server_ends_the_owner_with_a_named_error(redis_server, redis, owning):
    with pytest.raises(Wiped):  # noqa: PT012  # leaving the context raises what ended the owner
        async with owning(redis_server.url) as owner:
            await owner.submit(contact("c1"))
            await redis.flushall()
            with pytest.raises(Unavailable):
                await owner.submit(contact("c2"))
    assert await redis.keys() == []


def poisonous(state, event, at, origin=None):
    """The real step, with a fault that strikes after it has changed the state."""
    result = step(state, event, at, origin)
    if getattr(event, "contact", "") == "poison" and not isinstance(event, Refused):
        raise ZeroDivisionError
    return result


async def test_poison_is_put_aside_and_everything_else_goes_on(
    owning, redis_server, entries, replayed, caplog
):
    async with owning(redis_server.url, step=poisonous) as owner:
        around = [asyncio.create_task(owner.submit(contact(name))) for name in ("c1", "poison", "c2")]
        results = await asyncio.gather(*around)
        assert [result.refusal is None for result in results] == [True, False, True]
        assert await owner.read(lambda state: sorted(state.contacts)) == ["c1", "c2"]
        assert digest(await replayed()) == await owner.read(digest)
    log = [entry.event for entry in await entries()]
    assert log == [Takeover(1), contact("c1"), Refused("poison", "poison"), contact("c2")]


async def test_poison_from_the_inbox_advances_it(owning, redis_server, redis, entries, caplog):
    gateway = InboxClient(redis, "main", "phone-1")
    for name in ("c1", "poison", "c2"):
        await gateway.send(contact(name))
    async with owning(redis_server.url, step=poisonous) as owner:
        await released(owner, lambda entry: entry.event == contact("c2"))
        await owner.submit(Tick())
        assert await redis.xlen(PoolLog(redis, "main").keys.inbox) == 0
    origins = [entry.origin.seq for entry in await entries() if entry.origin]
    assert origins == [1, 2, 3]


async def test_poison_with_a_contact_puts_that_contact_aside(owning, redis_server, caplog):
    def gone_is_poison(state, event, at, origin=None):
        if isinstance(event, Gone):
            raise ZeroDivisionError
        return step(state, event, at, origin)

    async with owning(redis_server.url, step=gone_is_poison) as owner:
        await owner.submit(contact("c1"))
        assert (await owner.submit(Gone("c1"))).refusal is not None
        assert await owner.read(lambda state: state.contacts["c1"].aside)
        await owner.submit(Agent("a1", "ready", skills={"housing": 5}))
        assert await owner.read(lambda state: state.contacts["c1"].state) == "waiting"


async def test_a_poison_tick_is_no_crash_loop(owning, redis_server, entries, caplog):
    def tick_is_poison(state, event, at, origin=None):
        if isinstance(event, Tick):
            raise ZeroDivisionError
        return step(state, event, at, origin)

    async with owning(redis_server.url, step=tick_is_poison) as owner:
        struck = released(owner, lambda entry: entry.event == Refused("poison"))
        await owner.submit(Contact("c1", "phone", ({"law": 1},), relax=(Relax(1000, NEEDS),)))
        await struck
        await asyncio.sleep(0)
        await owner.submit(Agent("a1", "away"))
    assert sum(entry.event == Refused("poison") for entry in await entries()) == 1


async def test_a_diverging_core_may_not_take_over(owning, redis_server):
    async with owning(redis_server.url) as owner:
        await owner.submit(Agent("a1", "ready", skills={"housing": 5}))
        await owner.submit(contact("c1"))

    def other_step(state, event, at, origin=None):
        result = step(state, event, at, origin)
        return result._replace(effects=()) if isinstance(event, Contact) else result

    with pytest.raises(Diverged):
        async with owning(redis_server.url, step=other_step):
            pass


async def test_full_memory_stops_intake_and_mends_itself(owning, redis_server, redis, entries):
    async with owning(redis_server.url) as owner:
        await owner.submit(contact("c1"))
        await redis.config_set("maxmemory", 1)
        waiting = asyncio.create_task(owner.submit(contact("c2")))
        with pytest.raises(Unavailable):
            await waiting
        with pytest.raises(Unavailable):
            await owner.submit(contact("c3"))
        await redis.config_set("maxmemory", 0)
        await again(owner)
        assert (await owner.submit(contact("c2"))).duplicate
    assert await names(entries) == ["c1", "c2"]


@pytest.fixture
def small_disk():
    """A disk of 6 MB, and a way to fill it."""
    directory = Path(tempfile.mkdtemp(prefix="guichet-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(directory)], capture_output=True
    )
    if mounted.returncode:
        directory.rmdir()
        pytest.skip("a full disk needs a tmpfs, and this user may not mount one")
    yield directory
    subprocess.run(["umount", "--lazy", str(directory)], check=True)
    directory.rmdir()


@pytest.mark.parametrize("fsync", ["everysec", "always"])
async def test_a_full_disk_stops_intake_and_loses_nothing(owning, small_disk, redis_server, fsync):
    server = type(redis_server)(small_disk, "--appendfsync", fsync)
    server.start()
    try:
        async with owning(server.url) as owner:
            acknowledged, filler = [], small_disk / "filler"
            await owner.submit(contact("c0"))
            filler.write_bytes(b"x" * (free(small_disk) - 100_000))
            with pytest.raises(Unavailable):  # noqa: PT012  # at some event or other
                for n in range(1, 3000):
                    await owner.submit(contact(f"c{n}"))
                    acknowledged.append(f"c{n}")
            filler.unlink()
            if fsync == "always":  # Redis ends itself rather than go on without its disk
                assert server.process.wait(5) is not None
                server.kill()
                server.start()
            await again(owner)
            assert await owner.read(lambda state: set(acknowledged) - set(state.contacts)) == set()
            log = PoolLog(owner._log.redis, "main")
            assert await log.top() == await owner.read(lambda state: state.n)
    finally:
        server.kill()


def free(directory):
    about = os.statvfs(directory)
    return about.f_bavail * about.f_frsize


class Crash(Exception):
    """The process dies here."""


class CrashingLog(PoolLog):
    """A log whose process dies between an append and its release, at the times told."""

    def __init__(self, redis, crash_at):
        super().__init__(redis, "main")
        self.crash_at = crash_at
        self.appends = 0

    async def append(self, batch, *args, **settings):
        sent = await super().append(batch, *args, **settings)
        self.appends += bool(batch)
        if self.appends == self.crash_at:
            raise Crash
        return sent


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rounds=some.lists(some.tuples(some.integers(1, 6), some.integers(0, 12)), max_size=5),
    seed=some.integers(),
)
async def test_a_crash_between_append_and_release_loses_nothing_acknowledged(
    redis, entries, replayed, rounds, seed
):
    """Each round: an owner that dies after so many appends, having been given so many contacts."""
    await redis.flushall()
    chance, acknowledged, submitted = random.Random(seed), set(), 0
    for crash_at, count in [*rounds, (0, 3)]:
        log = CrashingLog(redis, crash_at)
        owner = Owner(log)
        running = asyncio.create_task(owner.run())
        ready = asyncio.create_task(owner.ready())
        await redis.hset(log.keys.lease, "until", 0)  # nobody has time to wait for it to lapse
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        tasks = {}
        for _ in range(count):
            submitted += 1
            tasks[f"c{submitted}"] = asyncio.create_task(owner.submit(contact(f"c{submitted}")))
            if chance.random() < 0.5:
                await asyncio.sleep(0)
        for name, task in tasks.items():
            try:
                await task
                acknowledged.add(name)
            except Unavailable:
                pass
        await owner.stop()
        await asyncio.gather(running, return_exceptions=True)
    there = await names(entries)
    assert acknowledged <= set(there)
    assert len(there) == len(set(there))
    await replayed()


async def test_unreachable_at_the_start_is_waited_for(redis_server, redis, owning, caplog):
    redis_server.kill()
    log = PoolLog(redis, "main")
    with pytest.raises(LogUnreachable):
        await log.top()
    owner = Owner(log)
    running = asyncio.create_task(owner.run())
    await asyncio.wait([running], timeout=0.3)
    redis_server.start()
    await asyncio.wait_for(owner.ready(), 5)
    await owner.submit(contact("c1"))
    await owner.stop()
