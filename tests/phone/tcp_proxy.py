"""A wire that can be cut: TCP from a free port to another, which breaks or swallows when a test says so.

It must never alter what it passes on.
"""

import asyncio
from contextlib import suppress


class Proxy:
    """`async with`; connect to `port`."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._ends: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self.port = 0
        self.taken = 0  # connections ever

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._passing.set()
        self.refuse()

    def refuse(self) -> None:
        """Every connection is reset, no new one is taken."""
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Every connection is reset; new ones are welcome."""
        for end in self._ends:
            end.transport.abort()

    def swallow(self) -> None:
        """From now on nothing comes through, on new connections neither, and nobody is told: a black hole."""
        self._passing.clear()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        self._ends.add(writer)
        with suppress(OSError):
            back, there = await asyncio.open_connection(*self._there)
            self._ends.add(there)
            await asyncio.gather(self._pass(reader, there), self._pass(back, writer))
            self._ends.discard(there)
        writer.close()
        self._ends.discard(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                await self._passing.wait()
                writer.write(chunk)
        writer.close()
