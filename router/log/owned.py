"""The redis-server that Guichet starts for itself: zero configuration, the same log as on any Redis.

It outlives a killed Guichet and is adopted by the next one; a killed one is started again. It never deletes
data, never runs twice on one directory, and never stops a Redis that is not its own.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from router.log.errors import LogError
from router.log.owned_errors import DidNotStart, InUse, NoRedisServer
from router.log.owned_launch import launch
from router.log.owned_place import Place
from router.log.owned_server import OwnedServer

PAUSE_AT_MOST = 5.0  # seconds between attempts to start one that does not stay
log = logging.getLogger(__name__)


class OwnedRedis:
    """`start`, then `watch` in a task of its own, at the end `stop`."""

    def __init__(
        self, directory: Path = Path("var/redis"), fsync: Literal["always", "everysec"] = "always"
    ) -> None:
        self.directory = directory
        self.fsync = fsync
        self.url = ""  # for `connect`, known once started
        self.restarts = 0
        self.server: OwnedServer | None = None
        self._place: Place | None = None
        self._lock: BinaryIO | None = None
        self._stopping = False

    async def start(self) -> None:
        """Adopts the server that lives on this directory, else starts one; returns when it answers."""
        if shutil.which("redis-server") is None:
            raise NoRedisServer
        try:
            place = Place(self.directory)
            self._lock = place.owner_lock()
        except OSError as error:
            raise DidNotStart(f"{self.directory}: {error.strerror} (mend: make it writable)") from error
        if self._lock is None:
            raise InUse(str(place.directory))
        try:
            self.server = await self._launch(place)
        except BaseException:
            self._unlock()
            raise
        self._place, self.url, self._stopping = place, place.url, False

    async def watch(self, on_restart: Callable[[int], None] = lambda restarts: None) -> None:
        """Starts the server again whenever it ends, until `stop`; `on_restart` hears how often that was.

        A server that hangs is not ended from here: the log's heartbeat stops, which is what callers need.
        """
        while self.server is not None and self._place is not None:
            await self.server.ended()
            if self._stopping:
                return
            log.error("the owned redis-server died, starting it again", extra={"pid": self.server.pid})
            self.server = await self._launch_again(self._place)
            self.restarts += 1
            on_restart(self.restarts)

    async def stop(self) -> None:
        """Ends the server gracefully; end `watch` before. Does nothing if `start` did not succeed."""
        self._stopping = True
        server, self.server = self.server, None
        if server is not None and not await server.stop():
            log.warning("the owned redis-server did not stop and was killed", extra={"pid": server.pid})
        self._unlock()

    async def _launch_again(self, place: Place) -> OwnedServer:
        pause = 0.1
        while True:
            try:
                return await self._launch(place)
            except (LogError, OSError) as error:
                log.error("the owned redis-server does not start: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_AT_MOST)

    async def _launch(self, place: Place) -> OwnedServer:
        server = await launch(place, self.fsync)
        words = "adopted" if server.adopted else "started"
        log.info("owned redis-server %s", words, extra={"pid": server.pid, "fsync": self.fsync})
        return server

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
