"""Finds who holds an identifier without opening anything: a keyed mark leads to pseudonyms.

The marks are HMACs under a random key that is itself kept wrapped: whoever has the store alone can try no
list of telephone numbers against it, and rotating the master keys changes no mark.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from typing import TYPE_CHECKING

from citizens.key import ID, Key
from citizens.keyring import KEY
from citizens.store import Change

if TYPE_CHECKING:
    from citizens.identifier import Identifier
    from citizens.keyring import Keyring
    from citizens.store import Store

NAME = "keys"  # of the wrapped key in the store
HELD = ID + 1  # a pseudonym and its standing


class Index:
    """The keyed index. `open` it first."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store, self._keyring = store, keyring
        self._key = b""
        self.wholes = Key("wholes", bytes(KEY))

    async def open(self) -> None:
        """Read the key, or make it: two who start at once end with one."""
        while not self._key:
            (wrapped,) = await self._store.get([NAME])
            if wrapped is None:
                fresh = self._keyring.wrap(os.urandom(KEY), b"index key")
                await self._store.swap(Change(expects={NAME: None}, sets={NAME: fresh}))
                continue
            self._key = self._keyring.unwrap(wrapped, b"index key", "the index")
            self.wholes = Key("wholes", self._mark("wholes", "")[:KEY])

    async def rewrap(self) -> None:
        """Under the newest master."""
        (wrapped,) = await self._store.get([NAME])
        if wrapped is None or self._keyring.is_current(wrapped):
            return
        fresh = self._keyring.wrap(self._keyring.unwrap(wrapped, b"index key", "the index"), b"index key")
        await self._store.swap(Change(expects={NAME: wrapped}, sets={NAME: fresh}))

    def name(self, identifier: Identifier) -> str:
        """The store's name of who holds this."""
        return f"i:{self._mark(identifier.kind, identifier.value)[:16].hex()}"

    def challenge(self, citizen: str, address: str) -> str:
        """The store's name of what was asked of a citizen at an address of theirs."""
        return f"t:{self._mark(citizen, address)[:16].hex()}"

    def _mark(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{value}".encode(), sha256)


def holders(entry: bytes) -> dict[str, bool]:
    """Citizens of an index entry, and whether they proved it; oldest first."""
    text = entry.decode("ascii")
    each = [text[at : at + HELD] for at in range(0, len(text), HELD)]
    return {held[:ID]: held[ID] == "!" for held in each}
