"""A town of citizens in a real Redis: sealed by the code that serves, written in bulk."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from redis.asyncio import Redis

from citizens.cabinet import Cabinet, entry
from citizens.claim import Claim
from citizens.identifier import Identifier
from citizens.journey import Happened
from citizens.key import Key, new_citizen
from citizens.keyring import Keyring
from citizens.people import People
from citizens.record import Record, holding, remembered
from citizens.register import Register
from citizens.vault import Vault
from router.log.citizen_store import DUE, PREFIX, RedisCitizenStore
from router.log.vault_store import RedisVaultStore

AT_ONCE = 500  # citizens written in one round trip
CONTACTS = 200  # of a citizen whose journey is long
LONG = 200  # citizens with such a journey
MONTH = 30 * 86_400_000_000  # microseconds


class Town:
    """`await open()`, `await grow(n)`; then ask `register` and `people`."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        self.redis = redis
        keyring = Keyring(folder / "vault.key")
        self.cabinet = Cabinet(RedisCitizenStore(redis), keyring)
        vault = Vault(RedisVaultStore(redis), keyring, self.cabinet.key_of)
        self.register = Register(self.cabinet, vault, now)
        self.people = People(self.cabinet, vault, now)
        self.count = 0
        self.long: list[str] = []

    async def grow(self, upto: int, shown: Callable[[], None]) -> None:
        """Everybody has a proved mail address and a telephone number, and called twice."""
        await self.register.open()
        while self.count < upto:
            pipe = self.redis.pipeline(transaction=False)
            for _ in range(min(AT_ONCE, upto - self.count)):
                self._one(pipe, 2)
                self.count += 1
                shown()
            await pipe.execute()

    async def live_long(self) -> None:
        """Some with a journey of many contacts, told of as the log would: asked, accepted, ended."""
        while len(self.long) < LONG:
            pipe = self.redis.pipeline(transaction=False)
            self.long.append(self._one(pipe, CONTACTS))
            self.count += 1
            await pipe.execute()

    def claims(self, number: int) -> tuple[Claim, Claim]:
        """What citizen `number` comes with."""
        mail = Identifier("email", f"somebody.{number}@example.org")
        return Claim(Identifier("phone", f"+336{number:08d}"), "caller_id"), Claim(mail, "code")

    def _one(self, pipe: Redis, contacts: int) -> str:
        at = now()
        key = Key(new_citizen())
        phone, mail = self.claims(self.count)
        record = holding(Record(at, at), (phone, mail), at)
        lines = []
        for contact in range(contacts):
            for step, what in enumerate(("asked", "accepted", "ended")):
                number = self.count * 1000 + contact * 3 + step
                happened = Happened(
                    f"main:{number}:0", at - random.randrange(MONTH), what, "phone",
                    contact=f"c-{number // 3:016x}", topic="housing", agent="ag07" if step else "",
                )  # fmt: skip
                record = remembered(record, happened, ("main", number))
                lines.append(entry(key, happened))
        pipe.set(f"{PREFIX}c:{key.citizen}", self.cabinet.sealed(key, record))
        pipe.rpush(f"{PREFIX}j:{key.citizen}", *lines)
        pipe.set(PREFIX + self.cabinet.index.name(phone.identifier), f"{key.citizen}?")
        pipe.set(PREFIX + self.cabinet.index.name(mail.identifier), f"{key.citizen}!")
        pipe.zadd(DUE, {key.citizen: at // 1_000_000 + 86_400})
        return key.citizen


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
