"""The master keys that wrap every citizen's key: the one in use and, during a rotation, the one before it.

It never writes a key anywhere but in its files, and never answers garbage for a wrong one.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from citizens.master_key import KeyFileError, load, load_or_make, make

if TYPE_CHECKING:
    from pathlib import Path

MARK, NONCE, KEY, TAG = 8, 12, 32, 16  # bytes
WRAPPED = MARK + NONCE + KEY + TAG


class VaultError(Exception):
    """A record that cannot be opened; the text says why and the mend."""


class Keyring:
    """Wraps under the newest key, unwraps under any it has. Reads its files again for a mark it lacks."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.before = file.with_name(f"{file.name}.before")
        self._masters: dict[bytes, AESGCM] = {}
        self._current = b""
        self._take(load_or_make(file))
        self._inode = file.stat().st_ino

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """The key, to be kept: only these masters open it, and only for what it is bound to.

        Another process may have rotated: what is wrapped under a master that is destroyed then is lost.
        """
        if self.file.stat().st_ino != self._inode:
            self._read()
        nonce = os.urandom(NONCE)
        return self._current + nonce + self._masters[self._current].encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes, whose: str) -> bytes:
        """Raises VaultError with the mend."""
        mark = wrapped[:MARK]
        if mark not in self._masters:
            self._read()
        if len(wrapped) != WRAPPED or mark not in self._masters:
            raise VaultError(
                f"the record of {whose} was sealed under another master key: "
                "put back the key file that was in use when it was made"
            )
        try:
            return self._masters[mark].decrypt(wrapped[MARK : MARK + NONCE], wrapped[MARK + NONCE :], bound)
        except InvalidTag:
            raise VaultError(f"the record of {whose} was changed or belongs to somebody else") from None

    def is_current(self, wrapped: bytes) -> bool:
        """Whether a rotation has done its work on this one."""
        return wrapped[:MARK] == self._current

    @property
    def rotating(self) -> bool:
        """Whether a rotation was begun and not finished, here or by an earlier run."""
        return self.before.exists()

    def begin(self) -> None:
        """A new master from now on; the one before it stays beside it until `finish`. Again: goes on."""
        if self.rotating:
            self._read()
            return
        fresh = self.file.with_name(f"{self.file.name}.next")
        fresh.unlink(missing_ok=True)
        make(fresh)
        try:
            os.link(self.file, self.before)  # both names lead to the old key: a death here changes nothing
            fresh.replace(self.file)
        except OSError as fault:
            raise KeyFileError(f"cannot rotate {self.file}: {fault.strerror}") from fault
        self._read()

    def finish(self) -> None:
        """Nothing is wrapped under the older key any more: destroy it."""
        self.before.unlink(missing_ok=True)

    def _read(self) -> None:
        if self.rotating:
            self._take(load(self.before))
        self._inode = self.file.stat().st_ino
        self._take(load(self.file))

    def _take(self, master: bytes) -> None:
        self._current = sha256(b"guichet vault master key" + master).digest()[:MARK]
        self._masters[self._current] = AESGCM(master)
