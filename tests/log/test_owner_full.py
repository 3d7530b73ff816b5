"""Memory and disk that are full: nothing new is taken, nothing acknowledged is lost, it mends itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from router.core.events import Contact
from router.door import Unavailable
from router.log.pool_log import PoolLog

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


async def test_full_memory_stops_intake_and_mends_itself(owning, redis_server, redis, names, again):
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
    assert await names() == ["c1", "c2"]


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
async def test_a_full_disk_stops_intake_and_loses_nothing(owning, small_disk, redis_server, fsync, again):
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
