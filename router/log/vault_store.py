"""Sealed vault records in Redis, beside the log and never in it: one key per contact, with an expiry.

It sees ciphertext only. A record never outlives its time, nor enters a stream, a snapshot or the archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisVaultStore:
    """`citizens.vault.Store`. The client must not decode responses: what is kept is not text."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, contact: str, sealed: bytes, ttl_s: int) -> None:
        await self._redis.set(_key(contact), sealed, ex=ttl_s)

    async def get(self, contact: str) -> bytes | None:
        sealed = await self._redis.get(_key(contact))
        return cast("bytes | None", sealed)

    async def delete(self, contact: str) -> None:
        await self._redis.unlink(_key(contact))


def _key(contact: str) -> str:
    return f"vault:{{{contact}}}"
