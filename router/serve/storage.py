"""Where the log lives: a Redis of our own or one that is given, checked before anything is promised."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from router.log.chat_store import ChatStore
from router.log.citizen_store import RedisCitizenStore
from router.log.connection import connect
from router.log.owned import OwnedRedis
from router.log.pool_log import PoolLog
from router.log.server import check_server
from router.log.vault_store import RedisVaultStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.site import Log
    from router.log.types import Sender


logger = logging.getLogger(__name__)


class Storage(NamedTuple):
    """The pool's log, where vault and citizens are kept sealed, and Redis itself for short commands."""

    log: PoolLog
    sealed: RedisVaultStore
    redis: Sender
    citizens: RedisCitizenStore
    chats: ChatStore


@asynccontextmanager
async def storage(settings: Log, pool: str) -> AsyncIterator[Storage]:
    """Open for as long as the context lasts. Raises LogError or OSError with the mend."""
    if settings.redis != "owned":
        async with connections(url_of(settings), settings, pool) as both:
            yield both
        return
    owned = OwnedRedis(Path(settings.directory) / "redis", settings.fsync)
    await owned.start()
    watching = asyncio.create_task(owned.watch())
    try:
        async with connections(owned.url, settings, pool) as both:
            yield both
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await owned.stop()


@asynccontextmanager
async def connections(url: str, settings: Log, pool: str) -> AsyncIterator[Storage]:
    """A connection for the log alone, so that no other command stands before an append; one for the vault."""
    for_log, for_other = connect(url), connect(url)
    try:
        await check_server(for_log)
        memory = memory_of(settings, pool)
        log = PoolLog(for_log, pool, memory.read_text().strip() if memory.exists() else "")
        await log.recognise()
        kept = RedisVaultStore(for_log), for_other, RedisCitizenStore(for_other), ChatStore(for_other)
        yield Storage(log, *kept)
    finally:
        await for_log.aclose()
        await for_other.aclose()


def memory_of(settings: Log, pool: str) -> Path:
    """The file that names the data set of this pool: an emptied Redis is noticed, not taken for new."""
    return Path(settings.archive) / f"{pool}.generation"


def remember(settings: Log, log: PoolLog) -> None:
    """Write that file, whole or not at all, once the data set is ours. Without it serving goes on."""
    memory = memory_of(settings, log.pool)
    draft = memory.with_suffix(".draft")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(log.generation + "\n")
        draft.replace(memory)
    except OSError as error:
        logger.error("%s is not written, an emptied Redis would be taken for new: %s", memory, error)


def url_of(settings: Log) -> str:
    """The address with its password, which the tree never holds."""
    if settings.password_file is None:
        return settings.redis
    password = Path(settings.password_file).read_text().strip()
    parts = urlsplit(settings.redis)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f":{quote(password, safe='')}@{host}"))
