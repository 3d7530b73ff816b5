"""The whole of citizens on one Redis, as `serve` puts it together; the clock can be moved."""

from __future__ import annotations

import time
from pathlib import Path

from redis.asyncio import Redis

from citizens.cabinet import Cabinet
from citizens.keyring import Keyring
from citizens.people import People
from citizens.purposes import Asked
from citizens.register import Register
from citizens.vault import Vault
from router.log.citizen_store import RedisCitizenStore
from router.log.vault_store import RedisVaultStore

ASKED = Asked("auditor", "auditor", "export_citizen", "request")


class Site:
    """`await open()` first."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        self.redis = redis
        self.ahead = 0  # microseconds
        self.keyring = Keyring(folder / "vault.key")
        self.store = RedisCitizenStore(redis)
        self.cabinet = Cabinet(self.store, self.keyring)
        self.sealed = RedisVaultStore(redis)
        self.vault = Vault(self.sealed, self.keyring, self.cabinet.key_of)
        self.register = Register(self.cabinet, self.vault, self.now)
        self.people = People(self.cabinet, self.vault, self.now)

    def now(self) -> int:
        return time.time_ns() // 1000 + self.ahead

    async def open(self) -> Site:
        await self.register.open()
        return self
