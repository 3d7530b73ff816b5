"""What is known of citizens, put together: the one register that all gateways and the API here ask."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.cabinet import Cabinet
from citizens.challenges import Challenges
from citizens.keyring import Keyring, VaultError
from citizens.master_key import KeyFileError
from citizens.people import People
from citizens.register import Register
from citizens.retention import Rules
from citizens.rotation import Rotation
from citizens.store import Store
from citizens.sweep import Sweep
from citizens.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from citizens.key import Key
    from citizens.vault import Store as Sealed
    from config.tree import Tree


EVERY_S = 3600  # so what is kept for days goes within an hour of its midnight

logger = logging.getLogger(__name__)


class Citizens(Struct, frozen=True):
    """All doors to citizens."""

    register: Register
    people: People
    vault: Vault
    store: Store
    key_of: Callable[[str], Awaitable[Key | None]]
    rotation: Rotation
    sweep: Sweep
    challenges: Challenges


async def open_citizens(tree: Tree, sealed: Sealed, kept: Store) -> Citizens:
    """Raises OSError or VaultError, with the mend."""
    key_file = Path(tree.vault.key_file)
    key_file.parent.mkdir(parents=True, exist_ok=True)
    keyring = Keyring(key_file)
    cabinet = Cabinet(kept, keyring)
    vault = Vault(sealed, keyring, cabinet.key_of)
    register = Register(cabinet, vault, now)
    await register.open()
    rules = retention(tree)
    people = People(cabinet, vault, now, rules.access_days)
    return Citizens(
        register, people, vault, kept, cabinet.key_of,
        Rotation(cabinet, vault), Sweep(cabinet, people, now, rules), Challenges(cabinet, register, now),
    )  # fmt: skip


def retention(tree: Tree) -> Rules:
    """The configuration's days, in the calendar of the agency's hours."""
    days = tree.citizens
    zone = tree.hours.time_zone if tree.hours is not None else days.time_zone
    return Rules(
        days.guest_days, days.citizen_days, days.journey_days, days.words_days, days.access_days, zone
    )


async def keep_up(citizens: Citizens) -> None:
    """For ever: a key rotation that was ended is gone on with, and what is over is destroyed, every hour."""
    while True:
        try:
            if citizens.rotation.unfinished:
                await citizens.rotation.run()
            swept = await citizens.sweep.run()
            if swept.erased or swept.shortened:
                words = {"erased": swept.erased, "shortened": swept.shortened}
                logger.info("retention of citizens", extra=words)
                await citizens.store.compact()
        except (OSError, KeyFileError, VaultError) as fault:
            logger.error("retention of citizens waits: %s", fault)
        await asyncio.sleep(EVERY_S)


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
