"""Pseudonyms of what is personal, by a key of this installation: nobody without it can make or read one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from citizens.master_key import load_or_make
from router.mail.mime import Limits, split

if TYPE_CHECKING:
    from pathlib import Path

# Without letters that read like digits, so that it can be said on the telephone.
ALPHABET = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"ABCDEFGHJKMNPQRSTVWXYZ0123456789")
REFERENCE = re.compile(r"\[G-([A-Z0-9]{12})\]", re.IGNORECASE)


class Secret:
    """Every name is bound to what it is a name of: the same text as two kinds has two names."""

    def __init__(self, key_file: Path) -> None:
        self._key = load_or_make(key_file)

    def name(self, kind: str, *texts: str | bytes) -> str:
        """20 hex digits: 80 bits, not to be guessed and never met twice."""
        return self._digest(kind, *texts).hex()[:20]

    def reference(self, thread: str) -> str:
        """What stands in subjects: 60 bits, which only we can make."""
        return base64.b32encode(self._digest("reference", thread))[:12].translate(ALPHABET).decode()

    def letter(self, raw: bytes) -> str:
        """The same letter by whichever way it came; two letters that share a Message-ID stay two."""
        headers, body = split(raw, Limits())
        said = [str(headers.get(each, ""))[:2000] for each in ("message-id", "from", "date", "subject")]
        return self.name("letter", *said, hashlib.sha256(body).digest())

    def _digest(self, kind: str, *texts: str | bytes) -> bytes:
        parts = (kind, *texts)
        whole = b"".join(
            len(part).to_bytes(8, "big") + part
            for part in (each.encode("utf-8", "replace") if isinstance(each, str) else each for each in parts)
        )
        return hmac.digest(self._key, whole, "sha256")


def referred(subject: str) -> str:
    """The reference in a subject; empty: none."""
    found = REFERENCE.search(subject)
    return found[1].upper() if found else ""
