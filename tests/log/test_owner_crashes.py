"""Owners that die just before or just after an append: a property, on a real Redis."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from router.core.events import Contact
from router.door import Unavailable
from router.log.pool_log import PoolLog
from router.owner import Owner

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


class Crash(Exception):
    """The process dies here."""


class CrashingLog(PoolLog):
    """A log whose process dies just before an append is sent, or between the append and its release."""

    def __init__(self, redis, crash_at, sent):
        super().__init__(redis, "main")
        self.crash_at, self.sent = crash_at, sent
        self.appends = 0

    async def append(self, batch, *args, **settings):
        self.appends += bool(batch)
        dies = bool(batch) and self.appends == self.crash_at
        if dies and not self.sent:
            raise Crash
        lease_from = await super().append(batch, *args, **settings)
        if dies:
            raise Crash
        return lease_from


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rounds=some.lists(some.tuples(some.integers(1, 6), some.booleans(), some.integers(0, 12)), max_size=5),
    seed=some.integers(),
)
async def test_a_crash_around_an_append_loses_nothing_acknowledged(redis, replayed, rounds, seed, names):
    """Each round: an owner that dies after so many appends, having been given so many contacts."""
    await redis.flushall()
    chance, acknowledged, submitted = random.Random(seed), set(), 0
    for crash_at, sent, count in [*rounds, (0, True, 3)]:
        log = CrashingLog(redis, crash_at, sent)
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
    there = await names()
    assert acknowledged <= set(there)
    assert len(there) == len(set(there))
    await replayed()
