"""Contents sealed under a key of their thread's own. The key is in the vault: gone there, all is gone.

A sealed content is bound to its name: moved under another it does not open.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Mapping

NONCE = 12


class Vault(Protocol):
    """As far as letters need it."""

    async def get(self, contact: str) -> Mapping[str, Any] | None: ...


class Lost(Exception):
    """The thread's key is gone (expired or erased), or the content was changed."""


class Seal:
    """Seals and opens what belongs to one thread."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._cipher = AESGCM(key)

    def close(self, name: str, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
        except InvalidTag:
            raise Lost("the content does not open with its thread's key") from None


class Threads:
    """The keys of threads, each in a record of the vault that is sealed with its citizen's key."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def open(self, thread: str) -> tuple[Seal, dict[str, str]]:
        """Its seal and whom it is with: `address`, `name`, `language`, `citizen`. Raises Lost, OSError."""
        record = await self._vault.get(self.name(thread))
        if record is None:
            raise Lost("nothing is kept of this thread any more")
        with_whom = {name: str(value) for name, value in record.items() if name != "key"}
        return Seal(base64.b64decode(record["key"])), with_whom

    def begin(self, with_whom: dict[str, str]) -> tuple[Seal, dict[str, str]]:
        """A new thread: its seal, and the record that the vault must keep under `name`."""
        seal = Seal(AESGCM.generate_key(256))
        return seal, self.record(seal, with_whom)

    def record(self, seal: Seal, with_whom: dict[str, str]) -> dict[str, str]:
        """For the vault."""
        return with_whom | {"key": base64.b64encode(seal.key).decode()}

    def name(self, thread: str) -> str:
        return f"mail-{thread}"
