"""One living, answering redis-server on a directory: adopts the one that is there, else starts one.

It never starts a second one beside a first, and leaves none behind that it could not bring to answer.
"""

from __future__ import annotations

import asyncio
import os
import time

from redis.asyncio import Redis

from router.log.connection import connect
from router.log.errors import LogUnreachable
from router.log.owned_errors import Stuck
from router.log.owned_place import Place
from router.log.owned_server import OwnedServer, spawn, why_it_ended
from router.log.script import command

PATIENCE = 10.0  # seconds without an answer, loading aside, before a server counts as stuck
ASK_EVERY = 0.01  # seconds between two questions to a server that is starting


async def launch(place: Place, fsync: str) -> OwnedServer:
    """Returns when it answers and syncs as asked."""
    redis, server = connect(place.url), None
    patience = time.monotonic() + PATIENCE
    try:
        while True:
            if server is None and (lock := place.server_lock()) is not None:
                server = spawn(place, fsync, lock)
            try:
                pid = await _who_answers(redis, place)
                break
            except LogUnreachable as error:
                if "LOADING" in str(error).upper():
                    patience = time.monotonic() + PATIENCE
                if server is not None and not server.alive:
                    raise why_it_ended(place, server.said_from) from None
                if time.monotonic() > patience:
                    raise Stuck(str(place.directory), place.pid(), str(error)) from error
            await asyncio.sleep(ASK_EVERY)
        server = server or OwnedServer(pid)
        await command(redis, "CONFIG", "SET", "appendfsync", fsync)  # an adopted one may have another setting
        return server
    except BaseException:
        if server is not None and not server.adopted:
            await server.stop()
        raise
    finally:
        await redis.aclose()


async def _who_answers(redis: Redis, place: Place) -> int:
    """The process behind the socket, once it is sure that it serves this directory."""
    directory = os.fsdecode((await command(redis, "CONFIG", "GET", "dir"))[1])
    if not place.is_at(directory):
        raise Stuck(str(place.directory), place.pid(), f"its socket belongs to a server on {directory}")
    await command(redis, "PING")  # unlike CONFIG and INFO refused while it loads its file, AOF still off
    info = await command(redis, "INFO", "server")
    return int(info["process_id"])
