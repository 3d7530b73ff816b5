"""Another master key, over HTTP: begun here, done beside everything else, and told how far it is."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from citizens.keyring import VaultError
from citizens.master_key import KeyFileError
from router.api.citizen_views import ProgressView
from router.api.route import Ask, Reply, Route

if TYPE_CHECKING:
    from citizens.rotation import Rotation

log = logging.getLogger("guichet.api")


class Rotations:
    """The two operations."""

    def __init__(self, rotation: Rotation) -> None:
        self._rotation = rotation
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        return [
            Route("rotate_key", "POST", "/vault/rotation", self.begin,
                  "Make a new master key and wrap every citizen's key under it; begun again, it goes on",
                  {202: ProgressView}),
            Route("get_rotation", "GET", "/vault/rotation", self.show,
                  "How far the rotation is", {200: ProgressView}),
        ]  # fmt: skip

    async def begin(self, ask: Ask[None, None]) -> Reply:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
            await asyncio.sleep(0)  # so that it has begun
        return Reply(self._view(), 202)

    async def show(self, ask: Ask[None, None]) -> Reply:
        return Reply(self._view())

    async def _run(self) -> None:
        try:
            await self._rotation.run()
        except (OSError, KeyFileError, VaultError) as fault:
            log.error("the master key is not rotated yet: %s", fault)

    def _view(self) -> ProgressView:
        now = self._rotation.progress
        return ProgressView(now.running, now.done, now.total, now.finished, self._rotation.unfinished)
