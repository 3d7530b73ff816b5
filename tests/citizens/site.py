"""The whole of citizens on one store, as `serve` puts it together; the clock can be moved."""

from __future__ import annotations

import time
from pathlib import Path

from citizens.cabinet import Cabinet
from citizens.challenges import Challenges
from citizens.keyring import Keyring
from citizens.people import People
from citizens.purposes import Asked
from citizens.register import Register
from citizens.retention import Rules
from citizens.rotation import Rotation
from citizens.store import Store
from citizens.sweep import Sweep
from citizens.vault import Store as Sealed
from citizens.vault import Vault

ASKED = Asked("auditor", "auditor", "export_citizen", "request")
DAY = 86_400_000_000  # microseconds


class Site:
    """`await open()` first."""

    def __init__(self, store: Store, sealed: Sealed, folder: Path, rules: Rules | None = None) -> None:
        self.store, self.sealed = store, sealed
        self.ahead = 0  # microseconds
        self.keyring = Keyring(folder / "vault.key")
        self.cabinet = Cabinet(store, self.keyring)
        self.vault = Vault(sealed, self.keyring, self.cabinet.key_of)
        self.register = Register(self.cabinet, self.vault, self.now)
        self.people = People(self.cabinet, self.vault, self.now)
        self.rotation = Rotation(self.cabinet, self.vault)
        self.sweep = Sweep(self.cabinet, self.people, self.now, rules or Rules(zone="Europe/Paris"))
        self.challenges = Challenges(self.cabinet, self.register, self.now)

    def now(self) -> int:
        return time.time_ns() // 1000 + self.ahead

    async def open(self) -> Site:
        await self.register.open()
        return self
