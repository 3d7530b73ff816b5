"""Snapshots and trimming on a real Redis: the newest is kept, nothing is deleted that none stands for."""

from __future__ import annotations

import pytest

from router.log.errors import Fenced, Gap, Wiped
from router.log.pool_log import PoolLog

pytestmark = pytest.mark.redis


@pytest.fixture
async def log(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    await log.append([b"%d" % n for n in range(1, 11)], 1)
    return log


async def test_none_at_first(log):
    assert await log.load_snapshot() is None


async def test_the_newest_stays(log):
    await log.save_snapshot(4, b"four")
    await log.save_snapshot(3, b"three")
    assert await log.load_snapshot() == (4, b"four")


async def test_a_state_the_log_does_not_reach_is_refused(log):
    with pytest.raises(Gap):
        await log.save_snapshot(11, b"eleven")


async def test_a_snapshot_of_another_data_set_is_refused(log, redis):
    await redis.set(log.keys.generation, "another")
    with pytest.raises(Wiped):
        await log.save_snapshot(4, b"four")


async def test_trim_needs_a_snapshot_and_the_lease(log, redis):
    assert await log.trim(8) == 0
    await log.save_snapshot(4, b"four")
    assert await log.trim(8) == 4
    assert [n for n, _ in await log.read(4)] == [5, 6, 7, 8, 9, 10]
    with pytest.raises(Gap):
        await log.read(0)
    with pytest.raises(Fenced):
        await PoolLog(redis, "main").trim(8)


async def test_the_last_entry_always_stays(log):
    await log.save_snapshot(10, b"ten")
    await log.trim(100)
    assert await log.top() == 10
    await log.append([b"11"], 11)
