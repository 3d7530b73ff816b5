"""The FastAGI port: takes Asterisk's connections, bounds them, hands each to one handler.

The port may be scanned, left open or fed garbage: whoever speaks no AGI within two seconds is cut off.
It must never die of a connection, nor let one wait for another.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from router.phone.agi import Agi, AgiFault, HungUp

if TYPE_CHECKING:
    from router.phone.settings import AgiSettings

log = logging.getLogger(__name__)

HEADER_MAX = 64 * 1024
HEADER_S = 2.0
CLOSE_S = 2.0

Handler = Callable[[Agi], Awaitable[None]]
Ended = Literal["served", "hung_up", "failed", "garbage", "refused", "crowded"]
Count = Callable[[Ended], None]


class AgiServer:
    """Listens until `stop`. `count` hears how each connection ended, in one of the words below."""

    def __init__(self, settings: AgiSettings, handler: Handler, count: Count) -> None:
        self._settings = settings
        self._handler = handler
        self._count = count
        self._allow = [ipaddress.ip_network(network) for network in settings.allow]
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = settings.port

    async def start(self) -> None:
        here = self._settings
        self._server = await asyncio.start_server(self._connected, here.host, here.port, limit=HEADER_MAX)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """No more calls; those in hand are let go, to the native queue."""
        if self._server is not None:
            self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._allowed(writer):
            self._count("refused")
        elif len(self._calls) >= self._settings.connections:
            self._count("crowded")
        else:
            call = asyncio.get_running_loop().create_task(self._serve(reader, writer))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            return
        writer.transport.abort()

    def _allowed(self, writer: asyncio.StreamWriter) -> bool:
        peer = writer.get_extra_info("peername")
        return bool(peer) and any(ipaddress.ip_address(peer[0]) in network for network in self._allow)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outcome: Ended = "failed"
        try:
            head = await _head(reader)
            if head is None:
                outcome = "garbage"
                return
            await self._handler(Agi(parse_headers(head), reader, writer))
            outcome = "served"
        except HungUp:
            outcome = "hung_up"
        except AgiFault as fault:
            log.warning("a call's AGI conversation failed: %s", fault)
        except Exception:
            log.exception("a call's AGI handler failed: its call goes to the native queue")
        finally:
            self._count(outcome)
            await _close(writer)


async def _head(reader: asyncio.StreamReader) -> bytes | None:
    """Everything up to the blank line, or None from whoever does not send it in time and in bounds."""
    try:
        async with asyncio.timeout(HEADER_S):
            return await reader.readuntil(b"\n\n")
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        return None


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        async with asyncio.timeout(CLOSE_S):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()


def parse_headers(head: bytes) -> dict[str, str]:
    """`agi_name: value` lines as a dictionary, whatever their encoding; other lines are passed over."""
    headers: dict[str, str] = {}
    for raw in head.split(b"\n"):
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            line = raw.decode("latin-1")
        name, colon, value = line.partition(":")
        if colon and name.startswith("agi_"):
            headers[name[4:]] = value.strip()
    return headers
