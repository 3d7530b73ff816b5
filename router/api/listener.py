"""One live socket: a bounded queue that makes nobody wait. Who reads too slowly is dropped with a code."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import WSMsgType

if TYPE_CHECKING:
    from aiohttp import web

    from router.api.messages import Addressed
    from router.api.permissions import Caller

QUEUE = 256  # messages that may wait for a slow reader
FAREWELL = 2.0  # seconds a close may take

NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403
TOO_SLOW = 4408
UNEXPECTED = 1003
GOING_AWAY = 1001
TRY_AGAIN = 1013  # the log does not answer, or another router owns the pool


class Listener:
    """Sends what it is given, in order, to one client."""

    def __init__(self, socket: web.WebSocketResponse, caller: Caller) -> None:
        self._socket = socket
        self._caller = caller
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._over = asyncio.Event()
        self._code = GOING_AWAY

    def concerns(self, addressed: Addressed) -> bool:
        """An agent hears what concerns them; the others hear all."""
        return self._caller.role != "agent" or self._caller.agent in addressed.agents

    def put(self, text: str) -> None:
        """Never blocks: a full queue ends this listener."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self.end(TOO_SLOW)

    def end(self, code: int) -> None:
        if not self._over.is_set():
            self._code = code
            self._over.set()

    async def run(self) -> None:
        """Until the client leaves or is dropped."""
        tasks = [
            asyncio.create_task(self._send()),
            asyncio.create_task(self._receive()),
            asyncio.create_task(self._over.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await close(self._socket, self._code)

    async def _send(self) -> None:
        while True:
            await self._socket.send_str(await self._queue.get())

    async def _receive(self) -> None:
        """A client has nothing to say here: answers go over HTTP. Pings are answered by aiohttp."""
        async for message in self._socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                self.end(UNEXPECTED)


async def close(socket: web.WebSocketResponse, code: int) -> None:
    """Say goodbye, but not for long: a peer that reads nothing is cut off."""
    with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
        async with asyncio.timeout(FAREWELL):
            await socket.close(code=code)
