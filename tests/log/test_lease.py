"""The lease on a real Redis: one holder, rising epochs, and no fresh start on what was wiped."""

from __future__ import annotations

import pytest

from router.log.errors import Fenced, Unfit, Wiped
from router.log.lease import LENGTH, Held, Lease
from router.log.pool_log import PoolLog
from router.log.server import check_server, findings

pytestmark = pytest.mark.redis


async def test_one_holder_and_rising_epochs(redis):
    first, second = PoolLog(redis, "main"), PoolLog(redis, "main")
    taken = await first.acquire()
    assert isinstance(taken, Lease)
    assert taken.epoch == 1
    waiting = await second.acquire()
    assert isinstance(waiting, Held)
    assert 0 < waiting.left <= LENGTH
    await first.release()
    taken = await second.acquire()
    assert isinstance(taken, Lease)
    assert taken.epoch == 2
    assert taken.generation == first.generation


async def test_pools_are_apart(redis):
    assert isinstance(await PoolLog(redis, "main").acquire(), Lease)
    assert isinstance(await PoolLog(redis, "other").acquire(), Lease)


async def test_an_append_renews(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    await redis.hset(log.keys.lease, "until", 1)
    await log.append([], 1)
    assert isinstance(await PoolLog(redis, "main").acquire(), Held)


async def test_a_clock_gone_back_delays_by_one_lease_at_most(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    await redis.hset(log.keys.lease, "until", 9 * 10**15)
    waiting = await PoolLog(redis, "main").acquire()
    assert waiting == Held(LENGTH)
    assert int(await redis.hget(log.keys.lease, "until")) < 9 * 10**15


async def test_only_the_holder_releases(redis):
    first, second = PoolLog(redis, "main"), PoolLog(redis, "main")
    await first.acquire()
    await redis.hset(first.keys.lease, "until", 0)
    await second.acquire()
    with pytest.raises(Fenced):
        await first.release()
    assert isinstance(await PoolLog(redis, "main").acquire(), Held)


async def test_a_known_data_set_that_is_gone_is_an_error(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    await redis.flushall()
    with pytest.raises(Wiped):
        await log.acquire()
    assert await redis.keys() == []


async def test_another_data_set_is_an_error(redis):
    log = PoolLog(redis, "main")
    await log.acquire()
    await redis.flushall()
    await PoolLog(redis, "main").acquire()
    with pytest.raises(Wiped):
        await log.acquire()


@pytest.mark.parametrize("gone", ["generation", "log"])
async def test_a_damaged_data_set_is_an_error_for_newcomers_too(redis, gone):
    log = PoolLog(redis, "main")
    await log.acquire()
    await log.append([b"one"], 1)
    await log.release()
    await redis.delete(getattr(log.keys, gone))
    with pytest.raises(Wiped):
        await PoolLog(redis, "main").acquire()


async def test_a_fit_server_has_no_findings(redis):
    await check_server(redis)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [("maxmemory-policy", "allkeys-lru", "noeviction"), ("appendonly", "no", "appendonly yes")],
)
async def test_an_unfit_server_is_told_with_its_mend(redis, setting, value, says):
    await redis.config_set(setting, value)
    assert len(await findings(redis)) == 1
    with pytest.raises(Unfit, match=says):
        await check_server(redis)


def test_pool_names_cannot_break_out_of_their_key(redis):
    for name in ("", "a}b", "A", "-a", "a" * 64, "a\n"):
        with pytest.raises(ValueError, match="pool"):
            PoolLog(redis, name)
