"""A town of citizens in a real Redis, and the doors through which it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from redis.asyncio import Redis

from bench.citizens.filling import claims_of, fill, now, write
from citizens.cabinet import Cabinet
from citizens.keyring import Keyring
from citizens.people import People
from citizens.register import Register
from citizens.vault import Vault
from router.log.citizen_store import RedisCitizenStore
from router.log.vault_store import RedisVaultStore

CONTACTS = 200  # of a citizen whose journey is long
LONG = 200  # citizens with such a journey


class Town:
    """`await grow(n)`; then ask `register` and `people`."""

    def __init__(self, redis: Redis, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        keyring = Keyring(folder / "vault.key")
        cabinet = Cabinet(RedisCitizenStore(redis), keyring)
        vault = Vault(RedisVaultStore(redis), keyring, cabinet.key_of)
        self.register = Register(cabinet, vault, now)
        self.people = People(cabinet, vault, now)
        self.short = 0  # citizens with two contacts: those who are asked for
        self.long: list[str] = []
        self.claims = claims_of

    async def grow(self, upto: int, shown: Callable[[], None]) -> None:
        """So many citizens with a short journey."""
        await self.register.open()
        await asyncio.to_thread(fill, self._url, self._folder, range(self.short, upto), shown)
        self.short = upto

    async def live_long(self) -> None:
        """Some with a journey of many contacts. Their numbers are nobody else's."""
        numbers = range(90_000_000, 90_000_000 + LONG)
        self.long = await asyncio.to_thread(write, self._url, self._folder, numbers, CONTACTS)
