"""Fills the town's Redis with citizens, sealed by the code that serves: a process for each core."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from citizens.cabinet import Cabinet, entry
from citizens.claim import Claim
from citizens.identifier import Identifier
from citizens.journey import Happened
from citizens.key import Key, new_citizen
from citizens.keyring import Keyring
from citizens.record import Record, holding, remembered
from router.log.citizen_store import DUE, PREFIX, RedisCitizenStore
from router.log.connection import connect

AT_ONCE = 500  # citizens written in one round trip
PORTION = 2_500  # citizens that a process writes at a time
MONTH = 30 * 86_400_000_000  # microseconds
STEPS = ("asked", "accepted", "ended")  # of a contact, as the log tells it


def fill(url: str, folder: Path, numbers: range, shown: Callable[[], None]) -> None:
    """Write these citizens; `shown` is called for each."""
    portions = [numbers[at : at + PORTION] for at in range(0, len(numbers), PORTION)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        begun = [workers.submit(write, url, folder, portion, 2) for portion in portions]
        for done in as_completed(begun):
            for _ in range(len(done.result())):
                shown()


def write(url: str, folder: Path, numbers: range, contacts: int) -> list[str]:
    """Their pseudonyms. Everybody has a proved mail address, a telephone number and these contacts."""
    return asyncio.run(_write(url, folder, numbers, contacts))


async def _write(url: str, folder: Path, numbers: range, contacts: int) -> list[str]:
    redis = connect(url)
    cabinet = Cabinet(RedisCitizenStore(redis), Keyring(folder / "vault.key"))
    await cabinet.index.open()
    written = []
    for first in range(0, len(numbers), AT_ONCE):
        values: dict[str, bytes | str] = {}
        due: dict[str, int] = {}
        pipe = redis.pipeline(transaction=False)
        for number in numbers[first : first + AT_ONCE]:
            citizen, lines = _one(cabinet, number, contacts, values, due)
            pipe.rpush(f"{PREFIX}j:{citizen}", *lines)
        pipe.mset(values)
        pipe.zadd(DUE, due)
        await pipe.execute()
        written += due
    await redis.aclose()
    return written


def _one(
    cabinet: Cabinet, number: int, contacts: int, values: dict[str, bytes | str], due: dict[str, int]
) -> tuple[str, list[bytes]]:
    """The journey's lines; what else is kept goes into `values` and `due`."""
    at, key = now(), Key(new_citizen())
    phone, mail = claims_of(number)
    record = holding(Record(at, at), (phone, mail), at)
    lines = []
    for contact in range(contacts):
        for step, what in enumerate(STEPS):
            n = number * 1000 + contact * len(STEPS) + step
            happened = Happened(
                f"main:{n}:0", at - random.randrange(MONTH), what, "phone",
                contact=f"c-{n // len(STEPS):016x}", topic="housing", agent="ag07" if step else "",
            )  # fmt: skip
            record = remembered(record, happened, ("main", n))
            lines.append(entry(key, happened))
    values[f"{PREFIX}c:{key.citizen}"] = cabinet.sealed(key, record)
    values[PREFIX + cabinet.index.name(phone.identifier)] = f"{key.citizen}?"
    values[PREFIX + cabinet.index.name(mail.identifier)] = f"{key.citizen}!"
    due[key.citizen] = at // 1_000_000 + 86_400
    return key.citizen, lines


def claims_of(number: int) -> tuple[Claim, Claim]:
    """What citizen `number` comes with."""
    mail = Identifier("email", f"somebody.{number}@example.org")
    return Claim(Identifier("phone", f"+336{number:08d}"), "caller_id"), Claim(mail, "code")


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
