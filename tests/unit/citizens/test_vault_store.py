"""The vault on a real Redis: sealed records under their own keys, gone when their time is over."""

import shutil
import tempfile
from pathlib import Path

import pytest

from citizens.vault import Vault
from router.log.connection import connect
from router.log.vault_store import RedisVaultStore
from tests.log.conftest import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
def server():
    directory = Path(tempfile.mkdtemp(prefix="guichet-"))
    running = RedisServer(directory)
    running.start()
    yield running
    running.kill()
    shutil.rmtree(directory)


@pytest.fixture
async def redis(server):
    client = connect(server.url)
    yield client
    await client.aclose()


async def test_a_record_is_kept_under_its_contact_and_expires(redis, tmp_path):
    vault = Vault(RedisVaultStore(redis), tmp_path / "vault.key")
    await vault.put("c-1", {"name": "Zoé"}, 60)
    assert await vault.get("c-1") == {"name": "Zoé"}
    assert await redis.keys("*") == [b"vault:{c-1}"]
    assert 58 <= await redis.ttl("vault:{c-1}") <= 60
    assert b"Zo" not in await redis.get("vault:{c-1}")
    await redis.pexpire("vault:{c-1}", 1)
    while await redis.exists("vault:{c-1}"):
        pass
    assert await vault.get("c-1") is None


async def test_destroyed_is_deleted(redis, tmp_path):
    vault = Vault(RedisVaultStore(redis), tmp_path / "vault.key")
    await vault.put("c-1", {"name": "Zoé"}, 60)
    await vault.destroy("c-1")
    assert await redis.keys("*") == []


async def test_without_redis_it_is_a_connection_error(redis, server, tmp_path):
    vault = Vault(RedisVaultStore(redis), tmp_path / "vault.key")
    server.kill()
    for attempt in (vault.put("c-1", {}, 60), vault.get("c-1"), vault.destroy("c-1")):
        with pytest.raises(ConnectionError, match="does not answer"):
            await attempt
