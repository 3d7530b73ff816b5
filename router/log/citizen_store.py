"""Sealed citizens in Redis, beside the logs and never in them: one string per citizen, one list per journey.

It sees pseudonyms, keyed marks and ciphertext. All keys share one hash tag: what changes together is on one
node, and changes by one script.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import msgspec

from citizens.store import Change, Indexed, Seen
from router.log.connection import REPLY_TIMEOUT
from router.log.errors import LogError
from router.log.line import Line
from router.log.script import Script, command

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from router.log.types import Reply, Word

PREFIX = "citizens:{citizens}:"
DUE, SEEN = f"{PREFIX}due", f"{PREFIX}seen"
SEEN_MAX = 1_000_000  # lines of the access log of everybody: beyond them the oldest go first


class RedisCitizenStore:
    """`citizens.store.Store`. The client must not decode responses. Raises ConnectionError without Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._line = Line(redis)  # for what a call waits for
        self._swap, self._find = Script("citizen_swap"), Script("citizen_find")

    async def get(self, names: Sequence[str]) -> list[bytes | None]:
        if not names:
            return []
        try:
            found = await command(self._line, "MGET", *(PREFIX + name for name in names))
        except LogError as fault:
            raise _away(fault) from fault
        return cast("list[bytes | None]", found)

    async def lists(self, names: Sequence[str]) -> list[list[bytes]]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.lrange(PREFIX + name, 0, -1)
            try:
                async with asyncio.timeout(REPLY_TIMEOUT):
                    return cast("list[list[bytes]]", await pipe.execute())
            except Exception as fault:
                raise _away(fault) from fault

    async def indexed(self, names: Sequence[str]) -> list[Indexed]:
        if not names:
            return []
        rows = await self._run(self._find, [PREFIX + name for name in names], f"{PREFIX}c:")
        return [Indexed(row[0], _pairs(row[1:])) for row in rows]

    async def swap(self, change: Change) -> bool:
        keys, words = _told(change)
        return bool(await self._run(self._swap, keys, *words))

    async def swaps(self, changes: Sequence[Change]) -> list[bool]:
        if not changes:
            return []
        try:
            replies = await self._swap.run_all(self._line, [_told(change) for change in changes])
        except LogError as fault:
            raise _away(fault) from fault
        return [bool(reply) for reply in replies]

    async def due(self, before_s: int, count: int) -> list[str]:
        found = await self._ask("ZRANGE", DUE, "-inf", before_s, "BYSCORE", "LIMIT", 0, count)
        return [citizen.decode() for citizen in found]

    async def scan(self, cursor: int, count: int) -> tuple[int, list[str]]:
        go_on, found = await self._ask("ZSCAN", DUE, cursor, "COUNT", count)
        return int(go_on), [citizen.decode() for citizen, _ in found]

    async def count(self) -> int:
        return int(await self._ask("ZCARD", DUE))

    async def compact(self) -> None:
        with suppress(ConnectionError):  # one is under way, or this Redis lets nobody ask
            await self._ask("BGREWRITEAOF")

    async def saw(self, seen: Seen, keep_days: int) -> None:
        line = msgspec.json.encode(seen)
        own, oldest = f"{SEEN}:{seen.citizen}", max(0, seen.at // 1000 - keep_days * 86_400_000)
        await self._ask("XADD", own, "MINID", "~", oldest, "*", "s", line)
        await self._ask("EXPIRE", own, keep_days * 86_400)
        await self._ask("XADD", SEEN, "MAXLEN", "~", SEEN_MAX, "*", "s", line)
        await self._ask("XTRIM", SEEN, "MINID", "~", oldest)

    async def seen(self, citizen: str, after: str, count: int) -> list[tuple[str, Seen]]:
        name = f"{SEEN}:{citizen}" if citizen else SEEN
        rows = await self._ask("XREVRANGE", name, f"({after}" if after else "+", "-", "COUNT", count)
        return [(id_.decode(), msgspec.json.decode(fields[b"s"], type=Seen)) for id_, fields in rows]

    async def _ask(self, *words: Word) -> Reply:
        try:
            return await command(self._redis, *words)
        except LogError as fault:
            raise _away(fault) from fault

    async def _run(self, script: Script, keys: Sequence[str], *words: Word) -> Reply:
        try:
            return await script.run(self._line, tuple(keys), *words)
        except LogError as fault:
            raise _away(fault) from fault


def _told(change: Change) -> tuple[tuple[str, ...], list[Word]]:
    """The script's keys and words."""
    keys: list[str] = []
    words: list[Word] = []
    for name, step in _steps(change):
        keys.append(name)
        words += step
    return tuple(keys), words


def _steps(change: Change) -> Iterable[tuple[str, list[Word]]]:
    """A key and its words for each step of the script; what is expected comes first."""
    for name, old in change.expects.items():
        yield PREFIX + name, ["none"] if old is None else ["is", old]
    for name, new in change.sets.items():
        if new is None:
            yield PREFIX + name, ["del"]
        elif name in change.ttl_s:
            yield PREFIX + name, ["for", new, change.ttl_s[name]]
        else:
            yield PREFIX + name, ["set", new]
    for name, lines in change.pushes.items():
        for line in lines:
            yield PREFIX + name, ["push", line]
    for name, held in change.holds.items():
        yield PREFIX + name, ["hold", held]
    for name, citizen in change.drops:
        yield PREFIX + name, ["drop", citizen]
    for citizen, at in change.due.items():
        yield DUE, ["undue", citizen] if at is None else ["due", citizen, at]


def _pairs(words: Sequence[bytes]) -> dict[str, bytes]:
    """Citizens and their records; one that is gone was erased a moment ago."""
    each = zip(words[::2], words[1::2], strict=True)
    return {citizen.decode(): raw for citizen, raw in each if raw}


def _away(fault: Exception) -> ConnectionError:
    """Redis's own errors as one that a leaf can know."""
    return ConnectionError(f"the citizens' store does not answer: {type(fault).__name__}")
