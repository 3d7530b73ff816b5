"""Whoever is told what happens in chats: it waits here, bounded, and makes nobody else wait.

Who takes it too slowly is dropped: coming back, they are told what they lack.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

QUEUE = 512  # messages that may wait for a slow reader
FAREWELL = 2.0  # seconds a close may take
PACE, BURST = 10.0, 40.0  # what one socket may send: messages a second, and at once

GOING_AWAY = 1001
TOO_SLOW = 4408
REPLACED = 4409  # another socket speaks for this client now


class Peer:
    """`put` from anywhere; `next` takes it out, in order, until `end`."""

    def __init__(self) -> None:
        self.joining = asyncio.Lock()  # an agent's socket is told one chat's past at a time
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self._over = asyncio.Event()
        self._code = GOING_AWAY

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def put(self, encoded: bytes) -> None:
        """Never blocks: a full queue ends this peer."""
        try:
            self._queue.put_nowait(encoded)
        except asyncio.QueueFull:
            self.end(TOO_SLOW)

    async def send(self, encoded: bytes) -> None:
        """As `put`, but waits for room: for what is long and concerns this peer alone."""
        putting = asyncio.ensure_future(self._queue.put(encoded))
        ending = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait((putting, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (putting, ending):
                task.cancel()

    def end(self, code: int = GOING_AWAY) -> None:
        if not self._over.is_set():
            self._code = code
            self._over.set()

    async def next(self) -> bytes:
        """What was put first of what is left."""
        return await self._queue.get()


class SocketPeer(Peer):
    """One open socket; `run` sends until `end`."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        super().__init__()
        self.socket = socket
        self._allowance, self._since = BURST, asyncio.get_running_loop().time()

    def too_fast(self) -> bool:
        """Whether one more message is beyond what a person writes; it counts as sent if not."""
        now = asyncio.get_running_loop().time()
        self._allowance = min(BURST, self._allowance + (now - self._since) * PACE)
        self._since = now
        if self._allowance < 1:
            return True
        self._allowance -= 1
        return False

    async def run(self) -> None:
        """Send what is put, in order, until ended; then say goodbye, but not for long."""
        sending = asyncio.create_task(self._send())
        ending = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait((sending, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, ending):
                task.cancel()
            await asyncio.gather(sending, ending, return_exceptions=True)
            self._over.set()
            with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
                async with asyncio.timeout(FAREWELL):
                    await self.socket.close(code=self._code)

    async def _send(self) -> None:
        while True:
            await self.socket.send_str((await self.next()).decode())
