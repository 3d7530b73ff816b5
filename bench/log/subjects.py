"""The two things measured, each alone on its Redis, open for one series of rates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bench.log.life import EmptyLife, Life
from bench.log.load import Subject
from bench.log.sketch import Sketch
from router.log.connection import connect
from router.log.pool_log import PoolLog
from router.owner import Owner


@asynccontextmanager
async def owner(url: str, pool: str) -> AsyncIterator[tuple[Subject, Life]]:
    """The real owner with the real core."""
    redis = connect(url)
    subject = Owner(PoolLog(redis, pool))
    running = asyncio.create_task(subject.run())
    await subject.ready()
    life = Life()
    for agent in life.agents():
        await subject.submit(agent)
    try:
        yield subject, life
    finally:
        await subject.stop()
        await running
        await redis.aclose()


@asynccontextmanager
async def sketch(url: str, pool: str) -> AsyncIterator[tuple[Subject, Life]]:
    """The empty sketch."""
    redis = connect(url)
    subject = Sketch(redis, pool)
    running = asyncio.create_task(subject.run())
    try:
        yield subject, EmptyLife()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await redis.aclose()
