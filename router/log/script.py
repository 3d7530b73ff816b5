"""Runs the Lua scripts of this folder, each one atomic in Redis, and turns failures into `LogError`s.

It never repeats a script whose fate is unknown: only NOSCRIPT, which says that nothing ran.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from router.log.connection import REPLY_TIMEOUT
from router.log.errors import LogError, LogFull, LogUnreachable
from router.log.types import Reply, Sender, Word

if TYPE_CHECKING:
    from router.log.line import Line

FOLDER = Path(__file__).parent / "scripts"


class Script:
    """One `scripts/{name}.lua`."""

    def __init__(self, name: str) -> None:
        self._text = (FOLDER / f"{name}.lua").read_bytes()
        self._sha = hashlib.sha1(self._text, usedforsecurity=False).hexdigest()

    async def run(self, redis: Sender, keys: tuple[str, ...], *args: Word) -> Reply:
        """Its reply. Redis keeps scripts by their hash and forgets them at a restart."""
        try:
            return await command(redis, "EVALSHA", self._sha, len(keys), *keys, *args)
        except Unknown:
            return await command(redis, "EVAL", self._text, len(keys), *keys, *args)

    async def run_all(
        self, line: Line, calls: Sequence[tuple[tuple[str, ...], Sequence[Word]]]
    ) -> list[Reply]:
        """Replies to several calls, each of keys and words, in one round trip."""
        sent = [("EVALSHA", self._sha, len(keys), *keys, *words) for keys, words in calls]
        with _translating():
            async with asyncio.timeout(REPLY_TIMEOUT):
                replies = await line.execute_all(sent)
        for number, (reply, (keys, words)) in enumerate(zip(replies, calls, strict=True)):
            if isinstance(reply, NoScriptError):
                replies[number] = await self.run(line, keys, *words)
            elif isinstance(reply, RedisError):
                raise translated(reply) from reply
        return replies


class Unknown(LogError):
    """Redis does not know this script yet, so nothing of it ran."""


async def command(redis: Sender, *words: Word) -> Reply:
    """One command, once, with this folder's errors. No answer in time: redis-py drops the connection."""
    with _translating():
        async with asyncio.timeout(REPLY_TIMEOUT):
            return await redis.execute_command(*words)


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except NoScriptError as error:
        raise Unknown(str(error)) from error
    except (RedisError, OSError) as error:
        raise translated(error) from error


def translated(error: Exception) -> LogError:
    """What a failure of the client library means here."""
    text = str(error) or type(error).__name__
    if isinstance(error, OutOfMemoryError) or text.startswith("MISCONF"):
        return LogFull(text)
    if isinstance(error, _ELSEWHERE) or text.startswith(("NOREPLICAS", "TRYAGAIN", "BUSY")):
        return LogUnreachable(text)
    return LogError(text)


# No answer at all, or one that is not a primary's. (Some of these are each other's subclasses; not all.)
_ELSEWHERE = (
    OSError, RedisConnectionError, RedisTimeoutError, BusyLoadingError, ReadOnlyError, ClusterDownError,
    MasterDownError,
)  # fmt: skip
