"""Marks: what was touched since the last digest, and the marks by which an event knows its double."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from router.core.needs import KindKey

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def mark_of(event: object) -> str:
    """Sixteen hex digits that two events share only if they are the same word for word."""
    return blake2b(_encode(event), digest_size=8).hexdigest()


class Marks:
    """Ids of records touched since the last digest, and the sum the digest is kept in."""

    def __init__(self) -> None:
        self.agents: set[str] = set()
        self.contacts: set[str] = set()
        self.offers: set[str] = set()
        self.kinds: set[KindKey] = set()
        self.hashes: dict[tuple[str, object], int] = {}  # (kind, id) -> hash the sum contains
        self.sum: int = 0
        self.policy: tuple[object, str] | None = None  # the policy last hashed, and its mark
