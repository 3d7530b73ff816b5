"""One redis-server for this room's tests; each test has an empty one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from router.log.citizen_store import RedisCitizenStore
from router.log.connection import connect
from router.log.vault_store import RedisVaultStore
from tests.citizens.site import Site
from tests.log.conftest import RedisServer
from tests.mail.conftest import servers  # noqa: F401
from tests.notify.conftest import provider  # noqa: F401


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    directory = Path(tempfile.mkdtemp(prefix="guichet-"))
    server = RedisServer(directory)
    server.start()
    yield server.url
    server.kill()
    shutil.rmtree(directory)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def site(redis: Redis, tmp_path: Path) -> Site:
    return await Site(RedisCitizenStore(redis), RedisVaultStore(redis), tmp_path).open()
