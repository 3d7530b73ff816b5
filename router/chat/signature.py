"""Signed messages between us and a messaging service: who sent it, and that it is of now. Pure."""

from __future__ import annotations

import hmac

FRESH_S = 300  # seconds that a signature holds, either way: clocks differ
TIME, SIGNATURE = "X-Guichet-Time", "X-Guichet-Signature"


def sign(secret: bytes, at: int, body: bytes) -> str:
    """Hex of HMAC-SHA256 over `AT.BODY`; `at` in seconds since 1970."""
    return hmac.digest(secret, b"%d." % at + body, "sha256").hex()


def is_signed(secret: bytes, at: str, body: bytes, signature: str, now: int) -> bool:
    """Whether this body was signed with the secret, lately."""
    if not (at.isascii() and at.isdigit() and len(at) < 12) or abs(now - int(at)) > FRESH_S:
        return False
    return hmac.compare_digest(sign(secret, int(at), body).encode(), signature.lower().encode())
