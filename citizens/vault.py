"""The vault: what is known of the citizen behind a contact, sealed under that citizen's key, with an expiry.

Names, numbers and what was keyed live in this package and nowhere else. A record of nobody in the register
has a key of its own, kept with it. Destroying the key, or the record, leaves the log's pseudonym leading
nowhere. It must never log what it holds, nor answer garbage for a wrong master key.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from citizens.key import Key
from citizens.keyring import WRAPPED, Keyring, VaultError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

__all__ = ["Store", "Vault", "VaultError"]

RECORD_MAX = 64 * 1024  # bytes
ALONE, OF_CITIZEN = b"\x01", b"\x02"  # a key of its own; its citizen's


class Store(Protocol):
    """Where sealed records are kept. It deletes them by itself when their time is over."""

    async def put(self, contact: str, sealed: bytes, ttl_s: int) -> None: ...

    async def get(self, contact: str) -> bytes | None: ...

    async def delete(self, contact: str) -> None: ...

    async def scan(self, cursor: int, count: int) -> tuple[int, list[str]]:
        """Some contacts, and where to go on; 0 ends."""
        ...

    async def replace(self, contact: str, sealed: bytes) -> None:
        """Only if there is a record, and for as long as that one would have been kept."""
        ...


class Vault:
    """Sealed records by contact. `key_of` reads a citizen's key, None for one who was erased."""

    def __init__(
        self, store: Store, keyring: Keyring | Path,
        key_of: Callable[[str], Awaitable[Key | None]] | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._keyring = keyring if isinstance(keyring, Keyring) else Keyring(keyring)
        self._key_of = key_of

    async def put(self, contact: str, record: dict[str, Any], ttl_s: int, key: Key | None = None) -> None:
        """Keep the record for so many seconds, in place of what was kept before."""
        plain = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if len(plain) > RECORD_MAX:
            raise VaultError(f"the record of {contact} is longer than {RECORD_MAX} bytes")
        if key is not None:
            name = key.citizen.encode("ascii")
            sealed = OF_CITIZEN + bytes((len(name),)) + name + key.seal(f"contact {contact}", plain)
        else:
            own = Key(contact)
            wrapped = self._keyring.wrap(own.raw, _bound(contact))
            sealed = ALONE + wrapped + own.seal("record", plain)
        await self._store.put(contact, sealed, ttl_s)

    async def get(self, contact: str) -> dict[str, Any] | None:
        """The record, or None: never kept, expired or destroyed."""
        sealed = await self._store.get(contact)
        if sealed is None:
            return None
        plain = await self._open(contact, sealed)
        if plain is None:
            return None
        opened: dict[str, Any] = json.loads(plain)
        return opened

    async def destroy(self, contact: str) -> None:
        """Delete the record with its key, for good."""
        await self._store.delete(contact)

    async def rewrap(self) -> int:
        """Keys of records of nobody in the register, under the newest master. How many there were."""
        cursor, first, wrapped = 0, True, 0
        while first or cursor:
            cursor, contacts = await self._store.scan(cursor, 500)
            first = False
            for contact in contacts:
                sealed = await self._store.get(contact)
                key = b"" if sealed is None else sealed[1 : 1 + WRAPPED]
                if sealed is None or sealed[:1] != ALONE or self._keyring.is_current(key):
                    continue
                raw = self._keyring.unwrap(key, _bound(contact), contact)
                fresh = ALONE + self._keyring.wrap(raw, _bound(contact)) + sealed[1 + WRAPPED :]
                await self._store.replace(contact, fresh)
                wrapped += 1
        return wrapped

    async def _open(self, contact: str, sealed: bytes) -> bytes | None:
        """None if its citizen's key is gone."""
        if sealed[:1] == ALONE and len(sealed) > 1 + WRAPPED:
            wrapped, body = sealed[1 : 1 + WRAPPED], sealed[1 + WRAPPED :]
            own = Key(contact, self._keyring.unwrap(wrapped, _bound(contact), contact))
            return own.open("record", body)
        if sealed[:1] == OF_CITIZEN and len(sealed) > 2 + sealed[1] and self._key_of is not None:
            citizen = sealed[2 : 2 + sealed[1]].decode("ascii", "replace")
            key = await self._key_of(citizen)
            return None if key is None else key.open(f"contact {contact}", sealed[2 + sealed[1] :])
        raise VaultError(f"the record of {contact} is damaged or of another version")


def _bound(contact: str) -> bytes:
    """What ties a key to its contact: a record moved under another id does not open."""
    return b"key\0" + contact.encode()
