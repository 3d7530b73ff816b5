"""A server on loopback that speaks raw bytes: for answers that no honest server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def odd_server(answering: Answering) -> AsyncIterator[int]:
    """Its port. Every connection is answered by this, and closed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await answering(reader, writer)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def saying(*parts: bytes, hold: float = 0.0) -> Answering:
    """These bytes, one part for each line that comes; then silence for `hold` seconds."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, part in enumerate(parts):
            if number:
                await reader.readline()
            writer.write(part)
            await writer.drain()
        await asyncio.sleep(hold)

    return answer
