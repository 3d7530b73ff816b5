"""The vault: what is known of the citizen behind a contact, encrypted under a key of its own, with an expiry.

Names, numbers and what was keyed live here and nowhere else. Destroying a record destroys its key: the log's
pseudonym then leads nowhere. It must never log what it holds, nor answer garbage for a wrong master key.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from citizens.master_key import load_or_make

if TYPE_CHECKING:
    from pathlib import Path

RECORD_MAX = 64 * 1024  # bytes
KEY, NONCE, TAG, MARK = 32, 12, 16, 8
WRAPPED = KEY + TAG
VERSION = b"\x01"


class VaultError(Exception):
    """A record that cannot be opened; the text says why and the mend."""


class Store(Protocol):
    """Where sealed records are kept. It deletes them by itself when their time is over."""

    async def put(self, contact: str, sealed: bytes, ttl_s: int) -> None: ...

    async def get(self, contact: str) -> bytes | None: ...

    async def delete(self, contact: str) -> None: ...


class Vault:
    """Sealed records by contact. Sealed: version, mark of the master key, wrapped key, record."""

    def __init__(self, store: Store, master_key_file: Path) -> None:
        self._store = store
        master = load_or_make(master_key_file)
        self._mark = sha256(b"guichet vault master key" + master).digest()[:MARK]
        self._master = AESGCM(master)

    async def put(self, contact: str, record: dict[str, Any], ttl_s: int) -> None:
        """Keep the record for so many seconds, in place of what was kept before."""
        plain = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if len(plain) > RECORD_MAX:
            raise VaultError(f"the record of {contact} is longer than {RECORD_MAX} bytes")
        await self._store.put(contact, self._seal(contact, plain), ttl_s)

    async def get(self, contact: str) -> dict[str, Any] | None:
        """The record, or None: never kept, expired or destroyed."""
        sealed = await self._store.get(contact)
        if sealed is None:
            return None
        opened: dict[str, Any] = json.loads(self._open(contact, sealed))
        return opened

    async def destroy(self, contact: str) -> None:
        """Delete the record with its key, for good."""
        await self._store.delete(contact)

    def _seal(self, contact: str, plain: bytes) -> bytes:
        key = AESGCM.generate_key(KEY * 8)
        around, within = os.urandom(NONCE), os.urandom(NONCE)
        wrapped = self._master.encrypt(around, key, _bound(b"key", contact))
        record = AESGCM(key).encrypt(within, plain, _bound(b"record", contact))
        return b"".join((VERSION, self._mark, around, wrapped, within, record))

    def _open(self, contact: str, sealed: bytes) -> bytes:
        at = len(VERSION)
        if sealed[:at] != VERSION or len(sealed) < at + MARK + NONCE + WRAPPED + NONCE + TAG:
            raise VaultError(f"the record of {contact} is damaged or of another version")
        if sealed[at : at + MARK] != self._mark:
            raise VaultError(
                f"the record of {contact} was sealed under another master key: "
                "put back the key file that was in use when the contact came in"
            )
        around, wrapped, within, record = _cut(sealed[at + MARK :], NONCE, WRAPPED, NONCE)
        try:
            key = self._master.decrypt(around, wrapped, _bound(b"key", contact))
            return AESGCM(key).decrypt(within, record, _bound(b"record", contact))
        except InvalidTag:
            raise VaultError(f"the record of {contact} was changed or belongs to another contact") from None


def _bound(part: bytes, contact: str) -> bytes:
    """What ties a ciphertext to its contact: a record moved under another id does not open."""
    return part + b"\0" + contact.encode()


def _cut(data: bytes, *lengths: int) -> list[bytes]:
    parts = []
    for length in lengths:
        parts.append(data[:length])
        data = data[length:]
    return [*parts, data]
