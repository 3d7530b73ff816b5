"""Servers of this room's tests: one process each for a session, ended by its id."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from router.log.connection import connect
from tests.log.conftest import RedisServer

ROOT = Path(__file__).parents[2]


def started(module: str, folder: Path, *more: str) -> tuple[subprocess.Popen[bytes], int]:
    """A server of ours as a process, once it has told its port."""
    file = folder / f"{module.rpartition('.')[2]}.port"
    process = subprocess.Popen([sys.executable, "-m", module, str(file), *more], cwd=ROOT)
    end = time.monotonic() + 30
    while not file.exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    return process, int(file.read_text())


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a provider of text messages."""
    process, port = started("tests.notify.provider", tmp_path_factory.mktemp("provider"))
    yield port
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One for the session; `redis` empties it for each test."""
    directory = Path(tempfile.mkdtemp(prefix="guichet-"))
    server = RedisServer(directory)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(directory)


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    client = connect(redis_server.url)
    await client.flushall()
    yield client
    await client.aclose()
