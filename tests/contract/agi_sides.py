"""Two FastAGI servers for the same peers: panoramisk 1.4's, which Guichet does not use, and Guichet's.

As a program (`python -m tests.contract.agi_sides bare`) it serves one of them on a free port that it prints:
what freezes its process must not freeze the test's.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from panoramisk.fast_agi import Application, Request

from router.phone.agi import Agi
from router.phone.agi_server import AgiServer
from router.phone.settings import AgiSettings

HEAD = b"agi_network: yes\nagi_network_script: entry\nagi_channel: PJSIP/trunk-1\nagi_uniqueid: 1.1\n\n"
Handler = Callable[[Any], Awaitable[None]]


@asynccontextmanager
async def port(kind: str, handler: Handler):
    """The port of one of the two, which gives each call to `handler`: a `Request` or an `Agi`."""
    if kind == "bare":
        application = Application(loop=asyncio.get_running_loop())
        application.add_route("entry", handler)
        server = await asyncio.start_server(application.handler, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    else:
        ours = AgiServer(AgiSettings(port=0), handler, lambda word: None)
        await ours.start()
        try:
            yield ours.port
        finally:
            await ours.stop()


async def get(side: Request | Agi, name: str) -> Any:
    """`GET VARIABLE`: panoramisk's dictionary, or our value."""
    if isinstance(side, Request):
        return await side.send_command(f"GET VARIABLE {name}")
    return await side.get_variable(name)


async def served(to: int, head: bytes = HEAD, within: float = 5.0) -> bool:
    """Whether a call that comes now is asked something."""
    reader, writer = await asyncio.open_connection("127.0.0.1", to)
    writer.write(head)
    asked = b""
    with suppress(TimeoutError, ConnectionError):
        asked = await asyncio.wait_for(reader.readline(), within)
    writer.transport.abort()
    return bool(asked)


async def talk(kind: str, question: Handler, *replies: bytes) -> list[bytes]:
    """A call whose commands are answered so, one after the other; what it was asked."""
    asked: list[bytes] = []
    async with port(kind, question) as to:
        reader, writer = await asyncio.open_connection("127.0.0.1", to)
        writer.write(HEAD)
        for reply in replies:
            if not (line := await asyncio.wait_for(reader.readline(), 5)):
                break
            asked.append(line)
            writer.write(reply)
        with suppress(OSError):  # it may have closed first
            writer.write_eof()
        with suppress(ConnectionError):
            asked += (await asyncio.wait_for(reader.read(), 5)).splitlines(keepends=True)
        writer.close()
    return asked


async def main(kind: str) -> None:
    async def greet(side: Request | Agi) -> None:
        await get(side, "A")

    async with port(kind, greet) as number:
        print(number, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
