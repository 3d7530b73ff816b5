"""One connection kept for one use, with nothing between it and its user.

redis-py's client takes a connection from its pool, asks its observers and packs in Python, for each command;
where events are rare and caches cold that is a fifth of the time from event to effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

from router.log.types import Reply, Word


class Line:
    """One command at a time. After any failure redis-py has dropped the connection; the next one connects."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._connection: AbstractConnection | None = None
        self._turn = asyncio.Lock()  # two at once would read each other's replies

    async def execute_command(self, *words: Word) -> Reply:
        """Its reply, as `Redis.execute_command` would give it."""
        [reply] = await self.execute_all([words])
        if isinstance(reply, ResponseError):
            raise reply
        return reply

    async def execute_all(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        """A reply for each, in one round trip; Redis's refusals are returned among them, not raised."""
        async with self._turn:
            if self._connection is None:
                self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            packed = [hiredis.pack_command(tuple(words)) for words in commands]  # type: ignore[arg-type]  # its stub knows one word only
            await self._connection.send_packed_command(packed)
            return [await self._reply(self._connection) for _ in commands]

    async def _reply(self, connection: AbstractConnection) -> Reply:
        try:
            return await connection.read_response()
        except ResponseError as refusal:
            return refusal
