"""The proof that a FastAGI connection comes from our dialplan: SHA-1 of the channel's id and a secret.

The dialplan can compute SHA-1 and nothing stronger. The secret stands last, so that nobody who has seen a
token can lengthen it into another. It must never be logged, nor compared in a time that tells a part.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

SECRET = re.compile(rb"[A-Za-z0-9]{32,128}\Z")  # signs that mean nothing to a dialplan


def read(path: Path) -> bytes:
    """The secret in this file. Raises OSError, also for what is none or what others may read."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others: chmod 600 {path}")
    secret = path.read_bytes().strip()
    if not SECRET.match(secret):
        raise OSError(f"{path} holds no secret of 32 to 128 letters and digits: openssl rand -hex 16")
    return secret


def token(secret: bytes, uniqueid: str) -> str:
    """As the dialplan computes it: `${SHA1(${UNIQUEID}:${GLOBAL(GUICHET_AGI_SECRET)})}`."""
    return hashlib.sha1(uniqueid.encode() + b":" + secret, usedforsecurity=False).hexdigest()


def right(secret: bytes, uniqueid: str, said: str) -> bool:
    """Whether this token is the one of this channel."""
    return bool(uniqueid) and hmac.compare_digest(token(secret, uniqueid).encode(), said.lower().encode())
