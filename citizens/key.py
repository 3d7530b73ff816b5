"""One citizen's key: random, and everything of theirs is sealed under it. Destroying it erases them.

A ciphertext is tied to what it is (record, journey, contact) and to whose: moved elsewhere it does not open.
"""

from __future__ import annotations

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from citizens.keyring import KEY, NONCE, TAG, VaultError

ID = 22  # characters of a pseudonym: `z-` and 80 random bits; an index relies on the length


def new_citizen() -> str:
    """A pseudonym: random, so that nothing leads from it to a person but the vault."""
    return f"z-{secrets.token_hex(10)}"


class Key:
    """Seals and opens what belongs to `citizen`."""

    def __init__(self, citizen: str, raw: bytes = b"") -> None:
        self.citizen = citizen
        self.raw = raw or os.urandom(KEY)
        self._aes = AESGCM(self.raw)

    def seal(self, what: str, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._aes.encrypt(nonce, plain, self._bound(what))

    def open(self, what: str, sealed: bytes) -> bytes:
        """Raises VaultError."""
        if len(sealed) < NONCE + TAG:
            raise VaultError(f"the {what.partition(' ')[0]} of {self.citizen} is damaged")
        try:
            return self._aes.decrypt(sealed[:NONCE], sealed[NONCE:], self._bound(what))
        except InvalidTag:
            raise VaultError(
                f"the {what.partition(' ')[0]} of {self.citizen} was changed or belongs to somebody else"
            ) from None

    def _bound(self, what: str) -> bytes:
        return f"{what}\0{self.citizen}".encode()
