"""Notices on their way in Redis: one string each, and by when they are due. No personal datum is in them.

All keys share one hash tag, and what changes together changes by one script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from router.log.errors import LogError
from router.log.script import Script, command

if TYPE_CHECKING:
    from router.log.types import Reply, Sender, Word

FAILED_MAX = 10_000  # failures that are listed


class RedisNoticeStore:
    """`router.notify.store.NoticeStore`. Raises ConnectionError without Redis."""

    def __init__(self, redis: Sender, pool: str) -> None:
        self._redis = redis
        self._one = f"notify:{{{pool}}}:n:"
        self._due, self._failed = f"notify:{{{pool}}}:due", f"notify:{{{pool}}}:failed"
        self._put, self._swap = Script("notice_put"), Script("notice_swap")
        self._claim = Script("notice_claim")

    async def put(self, name: str, raw: bytes, due: int, keep_s: int) -> bytes:
        kept = await self._run(self._put, (self._one + name, self._due), raw, name, due, keep_s)
        return cast("bytes", kept)

    async def get(self, names: list[str]) -> list[bytes | None]:
        if not names:
            return []
        return cast("list[bytes | None]", await self._ask("MGET", *(self._one + name for name in names)))

    async def claim(self, now: int, until: int, count: int) -> list[str]:
        return [name.decode() for name in await self._run(self._claim, (self._due,), now, until, count)]

    async def swap(
        self, name: str, old: bytes, new: bytes, due: int | None, failed: int | None, keep_s: int
    ) -> bool:
        keys = (self._one + name, self._due, self._failed)
        times = ("" if due is None else due, "" if failed is None else failed)
        return bool(await self._run(self._swap, keys, old, new, name, *times, keep_s, FAILED_MAX))

    async def forget(self, names: list[str]) -> None:
        await self._ask("ZREM", self._due, *names)

    async def waiting(self) -> list[str]:
        return [name.decode() for name in await self._ask("ZRANGE", self._due, 0, -1)]

    async def failed(self, count: int) -> list[str]:
        return [name.decode() for name in await self._ask("ZREVRANGE", self._failed, 0, count - 1)]

    async def _ask(self, *words: Word) -> Reply:
        try:
            return await command(self._redis, *words)
        except LogError as fault:
            raise _away(fault) from fault

    async def _run(self, script: Script, keys: tuple[str, ...], *words: Word) -> Reply:
        try:
            return await script.run(self._redis, keys, *words)
        except LogError as fault:
            raise _away(fault) from fault


def _away(fault: Exception) -> ConnectionError:
    return ConnectionError(f"the outbox does not answer: {type(fault).__name__}")
