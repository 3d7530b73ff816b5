"""What is known of citizens, put together: the one register that all gateways and the API here ask."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.cabinet import Cabinet
from citizens.keyring import Keyring
from citizens.people import People
from citizens.register import Register
from citizens.store import Store
from citizens.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from citizens.key import Key
    from citizens.vault import Store as Sealed
    from config.tree import Tree


class Citizens(Struct, frozen=True):
    """All doors to citizens."""

    register: Register
    people: People
    vault: Vault
    store: Store
    key_of: Callable[[str], Awaitable[Key | None]]


async def open_citizens(tree: Tree, sealed: Sealed, kept: Store) -> Citizens:
    """Raises OSError or VaultError, with the mend."""
    key_file = Path(tree.vault.key_file)
    key_file.parent.mkdir(parents=True, exist_ok=True)
    keyring = Keyring(key_file)
    cabinet = Cabinet(kept, keyring)
    vault = Vault(sealed, keyring, cabinet.key_of)
    register = Register(cabinet, vault, now)
    await register.open()
    return Citizens(register, People(cabinet, vault, now), vault, kept, cabinet.key_of)


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
