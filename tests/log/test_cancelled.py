"""Whoever is cancelled while Redis is asked ends then, at whatever step of the loop it comes."""

import asyncio
from random import Random

import pytest

from router.log.citizen_store import RedisCitizenStore
from router.log.connection import connect
from router.log.line import Line
from router.log.script import command

SEED, TIMES = 20261130, 300  # with redis-py's own timeout one in ten was swallowed


@pytest.mark.redis
@pytest.mark.parametrize("way", ["line", "client", "lists"])
async def test_a_cancellation_is_never_swallowed(redis_server, way):
    print("seed", SEED)
    chance = Random(SEED)
    redis = connect(redis_server.url)
    line, citizens = Line(redis), RedisCitizenStore(redis)
    asked = {
        "line": lambda: command(line, "PING"),
        "client": lambda: command(redis, "PING"),
        "lists": lambda: citizens.lists(["j:c-1"]),
    }[way]

    async def ask() -> None:
        while True:
            await asked()

    for _ in range(TIMES):
        asking = asyncio.create_task(ask())
        for _ in range(chance.randrange(1, 12)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.random() * 0.0008)
        asking.cancel()
        done, _ = await asyncio.wait([asking], timeout=2)
        assert done, "it went on"
        assert asking.cancelled()
    await redis.aclose()
