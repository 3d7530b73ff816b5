"""The owner when things break, on a real Redis: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from router.core.digest import digest
from router.core.events import Agent, Contact, Shift, Takeover
from router.core.step import step
from router.door import Unavailable
from router.log.errors import Diverged, LogUnreachable, Wiped
from router.log.pool_log import PoolLog
from router.owner import Owner, reign, tail

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


async def test_a_lost_reply_loses_and_doubles_nothing(owning, redis_server, lossy, names):
    async with owning(lossy.url) as owner:
        await owner.submit(contact("c0"))
        for n in range(1, 6):
            lossy.lose_replies, lossy.only_if = 1, b"c%d" % n
            assert not (await owner.submit(contact(f"c{n}"))).duplicate
            assert lossy.lose_replies == 0
    assert await names() == [f"c{n}" for n in range(6)]


async def test_a_killed_server_takes_nothing_acknowledged_with_it(
    owning, redis_server, replayed, names, again
):
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
        there = await names()
        assert set(acknowledged) <= set(there)
        assert len(there) == len(set(there))
        assert digest(await replayed()) == await owner.read(digest)


async def test_without_its_log_the_door_says_so_in_time(owning, redis_server, released, names):
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
    assert await names() == ["c1", "c2"]


async def test_what_the_inbox_brought_waits_out_an_outage(owning, redis_server, redis, monkeypatch, released):
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


class LosesMore(PoolLog):
    """While what it lost is appended again, it loses more."""

    lose: tuple[str, ...] = ()

    async def append(self, batch, first_n, inbox_position="", *, mend=False):
        if mend and self.lose:
            await self.redis.xdel(self.keys.log, *self.lose)
            self.lose = ()
        return await super().append(batch, first_n, inbox_position, mend=mend)


async def test_entries_lost_while_others_are_mended_are_there_once(redis, entries):
    log = LosesMore(redis, "main")
    owner = Owner(log)
    running = asyncio.create_task(owner.run())
    await owner.ready()
    for n in range(8):
        await owner.submit(contact(f"c{n}"))
    before = await entries()
    await redis.xdel(log.keys.log, "8-0", "9-0")
    log.lose = ("6-0", "7-0")
    await owner.submit(contact("c8"))
    after = await entries()
    assert after[:-1] == before
    assert after[-1].event == contact("c8")
    await owner.stop()
    await running


async def test_entries_lost_and_forgotten_mean_a_new_start_from_the_log(
    owning, redis_server, redis, entries, replayed, monkeypatch, released, names
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
    assert await names() == [*(f"c{n}" for n in range(6)), "c11"]


async def test_a_fenced_owner_drops_its_state_and_stands_by(owning, redis_server, redis, released, names):
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
    assert await names() == ["c1"]


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
