"""An AMI peer that misbehaves on demand: fakes only to inject what a real Asterisk does rarely."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

from router.phone.settings import AmiSettings
from router.phone.wire import Wire

Frame = dict[str, str]
GREETING = b"Asterisk Call Manager/9.0.0\r\n"


class Peer:
    """`answer` gives the bytes to send for an action, or None to say nothing."""

    def __init__(self) -> None:
        self.actions: list[Frame] = []
        self.greeting = GREETING
        self.answer: Callable[[Frame], bytes | None] = self.succeed
        self.writers: list[asyncio.StreamWriter] = []
        self.logins = 0
        self.pongs = True
        self._news = asyncio.Event()

    def succeed(self, action: Frame) -> bytes:
        return f"Response: Success\r\nActionID: {action['ActionID']}\r\nMessage: ok\r\n\r\n".encode()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(self.greeting)
        self._news.set()
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in block.splitlines() if line)
                if action["Action"] == "Login":
                    self.logins += 1
                    writer.write(self.succeed(action))
                elif action["Action"] == "Ping":
                    if self.pongs:
                        writer.write(self.succeed(action))
                else:
                    self.actions.append(action)
                    if (said := self.answer(action)) is not None:
                        writer.write(said)
                self._news.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            self._news.set()
        finally:
            writer.close()

    def say(self, data: bytes) -> None:
        self.writers[-1].write(data)

    def hang_up(self) -> None:
        self.writers[-1].transport.abort()

    async def until(self, condition: Callable[[Peer], bool], within: float = 5.0) -> None:
        async with asyncio.timeout(within):
            while not condition(self):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def linked(peer: Peer):
    """A wire to the peer, logged in."""
    server = await asyncio.start_server(peer.connected, "127.0.0.1", 0)
    wire = Wire(AmiSettings(port=server.sockets[0].getsockname()[1]), "secret")
    wire.connect()
    try:
        await next_event(wire)
        yield wire
    finally:
        wire.close()
        for writer in peer.writers:
            writer.transport.abort()
        server.close()


async def next_event(wire: Wire, within: float = 5.0):
    async with asyncio.timeout(within):
        return await wire.events.get()
