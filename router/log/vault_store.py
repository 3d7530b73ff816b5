"""Sealed vault records in Redis, beside the log and never in it: one key per contact, with an expiry.

It sees ciphertext only. A record never outlives its time, nor enters a stream, a snapshot or the archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from router.log.errors import LogError
from router.log.line import Line
from router.log.script import command

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisVaultStore:
    """`citizens.vault.Store` on one connection of its own: a call must not wait for others' commands.

    The client must not decode responses. Raises ConnectionError without Redis.
    """

    def __init__(self, redis: Redis) -> None:
        self._line = Line(redis)

    async def put(self, contact: str, sealed: bytes, ttl_s: int) -> None:
        with _reached():
            await command(self._line, "SET", _key(contact), sealed, "EX", ttl_s)

    async def get(self, contact: str) -> bytes | None:
        with _reached():
            sealed = await command(self._line, "GET", _key(contact))
        return cast("bytes | None", sealed)

    async def scan(self, cursor: int, count: int) -> tuple[int, list[str]]:
        with _reached():
            said = await command(self._line, "SCAN", cursor, "MATCH", _key("*"), "COUNT", count)
        go_on, found = cast("tuple[bytes, list[bytes]]", said)
        return int(go_on), [_contact(name) for name in found]

    async def replace(self, contact: str, sealed: bytes) -> None:
        with _reached():
            await command(self._line, "SET", _key(contact), sealed, "XX", "KEEPTTL")

    async def delete(self, contact: str) -> None:
        with _reached():
            await command(self._line, "UNLINK", _key(contact))


@contextmanager
def _reached() -> Iterator[None]:
    """Redis's own errors as one that a leaf can know."""
    try:
        yield
    except LogError as fault:
        raise ConnectionError(f"the vault's store does not answer: {fault}") from fault


def _key(contact: str) -> str:
    return f"vault:{{{contact}}}"


def _contact(key: bytes) -> str:
    return key.decode().removeprefix("vault:{").removesuffix("}")
