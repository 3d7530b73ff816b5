"""The append script on a real Redis: the fence, the order, the lost reply, and nothing written in part."""

from __future__ import annotations

import asyncio

import pytest

from router.log.errors import Fenced, Gap, LogFull, LogUnreachable, TooLarge, Wiped
from router.log.pool_log import PoolLog

pytestmark = pytest.mark.redis


@pytest.fixture
async def log(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    return log


async def lapse(redis, log):
    """The lease is over by Redis's clock, without waiting for it."""
    await redis.hset(log.keys.lease, "until", 0)


async def test_entries_get_the_owners_numbers(log, redis):
    await log.append([b"one", b"two"], 1)
    await log.append([b"three"], 3)
    assert await log.read(0) == [(1, b"one"), (2, b"two"), (3, b"three")]
    assert [id_ for id_, _ in await redis.xrange(log.keys.log)] == [b"1-0", b"2-0", b"3-0"]
    assert await log.read(2) == [(3, b"three")]
    assert await log.top() == 3


async def test_a_hole_is_refused_and_the_top_is_told(log):
    await log.append([b"one"], 1)
    with pytest.raises(Gap) as gap:
        await log.append([b"three"], 3)
    assert (gap.value.wanted, gap.value.found) == (2, 1)
    assert await log.top() == 1


async def test_an_empty_append_measures_the_top_too(log, redis):
    await log.append([b"one", b"two"], 1)
    await redis.xdel(log.keys.log, "2-0")
    with pytest.raises(Gap) as gap:
        await log.append([], 3)
    assert gap.value.found == 1


async def test_a_repeat_after_a_lost_reply_is_there_once(lossy, lossy_redis):
    log = PoolLog(lossy_redis, "main")
    await log.acquire()
    await log.append([b"zero"], 1)
    lossy.lose_replies = 1
    with pytest.raises(LogUnreachable):
        await log.append([b"one", b"two"], 2)
    await log.append([b"one", b"two"], 2)
    assert await log.read(1) == [(2, b"one"), (3, b"two")]


async def test_another_writers_entry_is_not_taken_for_our_repeat(log, redis):
    """The former owner wrote this number under its own nonce: ours must be a Gap, not `done`."""
    await log.append([b"one"], 1)
    await lapse(redis, log)
    other = PoolLog(redis, "main")
    await other.acquire()
    with pytest.raises(Gap):
        await other.append([b"mine"], 1)


async def test_the_former_holder_is_fenced(log, redis):
    await log.append([b"one"], 1)
    await lapse(redis, log)
    await PoolLog(redis, "main").acquire()
    for batch in ([b"two"], []):
        with pytest.raises(Fenced):
            await log.append(batch, 2)
    assert await log.top() == 1


async def test_a_lapsed_lease_that_nobody_took_still_holds(log, redis):
    await lapse(redis, log)
    await log.append([b"one"], 1)
    assert int(await redis.hget(log.keys.lease, "until")) > 0


async def test_without_a_lease_nothing_is_sent(redis):
    with pytest.raises(Fenced):
        await PoolLog(redis, "main").append([b"one"], 1)


async def test_a_wiped_server_is_told(log, redis):
    await log.append([b"one"], 1)
    await redis.flushall()
    with pytest.raises(Wiped):
        await log.append([b"two"], 2)
    assert await redis.keys() == []


@pytest.mark.parametrize("bad", [b"", b"x" * (8 * 1024 * 1024 + 1)])
async def test_sizes_are_checked_before_anything_is_written(log, bad):
    with pytest.raises(TooLarge):
        await log.append([b"good", bad], 1)
    assert await log.top() == 0


async def test_full_memory_writes_nothing_and_mends_itself(log, redis):
    await log.append([b"one"], 1)
    await redis.config_set("maxmemory", 1)
    with pytest.raises(LogFull):
        await log.append([b"two", b"three"], 2)
    with pytest.raises(LogFull):
        await log.append([], 2)
    await redis.config_set("maxmemory", 0)
    assert await log.top() == 1
    await log.append([b"two", b"three"], 2)
    assert await log.top() == 3


async def test_the_inbox_goes_only_up_to_the_position_given(log, redis):
    ids = [(await redis.xadd(log.keys.inbox, {"e": str(i)})).decode() for i in range(4)]
    await log.append([b"one"], 1, ids[1])
    assert [id_.decode() for id_, _ in await redis.xrange(log.keys.inbox)] == ids[2:]
    await log.append([b"two"], 2)
    assert await redis.xlen(log.keys.inbox) == 2


async def test_a_batch_refused_leaves_the_inbox_alone(log, redis):
    position = (await redis.xadd(log.keys.inbox, {"e": "1"})).decode()
    with pytest.raises(Gap):
        await log.append([b"three"], 3, position)
    assert await redis.xlen(log.keys.inbox) == 1


async def test_entries_lost_are_appended_again(log, redis):
    """Deleted behind us, so the stream still remembers higher ids than its top."""
    await log.append([b"one", b"two", b"three"], 1)
    await redis.xdel(log.keys.log, "2-0", "3-0")
    await log.append([b"two", b"three", b"four"], 2, mend=True)
    assert [n for n, _ in await log.read(0)] == [1, 2, 3, 4]


async def test_all_entries_lost_are_appended_again(log, redis):
    await log.append([b"one", b"two"], 1)
    await redis.delete(log.keys.log)
    await log.append([b"one", b"two"], 1, mend=True)
    assert [n for n, _ in await log.read(0)] == [1, 2]


async def test_mending_never_hides_a_hole_no_snapshot_stands_for(log, redis):
    await log.append([b"one", b"two", b"three"], 1)
    await log.save_snapshot(2, b"state")
    await redis.xdel(log.keys.log, "2-0", "3-0")
    with pytest.raises(Gap):
        await log.append([b"four"], 4, mend=True)
    await log.append([b"three"], 3, mend=True)
    assert await log.top() == 3


async def test_a_hole_is_seen_by_readers(log, redis):
    await log.append([b"one", b"two", b"three"], 1)
    await redis.xdel(log.keys.log, "2-0")
    with pytest.raises(Gap) as gap:
        await log.read(0)
    assert (gap.value.wanted, gap.value.found) == (2, 3)


async def test_scripts_survive_a_server_that_forgot_them(log, redis):
    await redis.script_flush()
    await log.append([b"one"], 1)
    assert await log.top() == 1


async def test_a_killed_server_comes_back_with_every_acknowledged_entry(redis_server, log):
    for n in range(1, 201):
        await log.append([b"%d" % n], n)
    redis_server.kill()
    with pytest.raises(LogUnreachable):
        await log.append([b"201"], 201)
    redis_server.start()
    await log.append([b"201"], 201)
    assert [raw for _, raw in await log.read(0)] == [b"%d" % n for n in range(1, 202)]


async def test_an_append_that_is_cancelled_never_answers_the_next_one(log, redis_server):
    """Its reply still comes: were it read as another's, somebody would act on what is not durable."""
    await log.append([], 1)
    redis_server.pause()
    given_up = asyncio.create_task(log.append([b"one"], 1))
    await asyncio.wait([given_up], timeout=0.1)
    given_up.cancel()
    await asyncio.wait([given_up])
    redis_server.go_on()
    with pytest.raises(Gap):
        await log.append([b"nine"], 9)
    assert await log.top() == 1


async def test_appends_at_once_get_their_own_answers(log):
    answers = await asyncio.gather(log.append([b"one"], 1), log.append([b"nine"], 9), return_exceptions=True)
    assert [type(answer) for answer in answers] == [float, Gap]
