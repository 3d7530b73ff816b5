"""The FastAGI port: takes Asterisk's connections, bounds them, hands each to one handler.

The port may be scanned, left open or fed garbage: whoever speaks no AGI within two seconds is cut off, and
only a head with the right token (agi_token.py) is a call. It must never die of a connection, nor let one wait
for another, nor let strangers take the place of calls.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from router.phone import agi_token
from router.phone.agi import Agi, AgiFault, HungUp

if TYPE_CHECKING:
    from router.phone.settings import AgiSettings

log = logging.getLogger(__name__)

HEADER_MAX = 64 * 1024
HEADER_S = 2.0
CLOSE_S = 2.0
# Connections that have not said yet what they are. Asterisk says it within a millisecond: when there is no
# room, the oldest goes. With 500 calls they stay below the usual 1,024 open files.
STRANGERS_MAX = 200
BACKLOG = 1024  # a burst waits in the kernel; beyond it Asterisk would try again only after a second
# Taken at once. With more, a burst of scans fills the strangers' room before a call among them has been read.
ACCEPTS = 16

Handler = Callable[[Agi], Awaitable[None]]
Ended = Literal["served", "hung_up", "failed", "garbage", "forged", "refused", "crowded"]
Count = Callable[[Ended], None]


class AgiServer:
    """Listens until `stop`. `count` hears how each connection ended, in one of the words below."""

    def __init__(self, settings: AgiSettings, handler: Handler, count: Count) -> None:
        self._settings = settings
        self._handler = handler
        self._count = count
        self._allow = [ipaddress.ip_network(network) for network in settings.allow]
        self._secret = b""
        self._told = False
        self._strangers: dict[asyncio.Task[None], asyncio.StreamWriter] = {}  # the oldest first
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = settings.port

    async def start(self) -> None:
        """Raises OSError without the port or the secret."""
        here = self._settings
        if here.secret_file:
            self._secret = await asyncio.to_thread(agi_token.read, Path(here.secret_file))
        self._server = await asyncio.start_server(
            self._connected, here.host, here.port, limit=HEADER_MAX, backlog=ACCEPTS
        )
        for each in self._server.sockets:  # asyncio knows one number for both: the kernel is told ours
            with each.dup() as listening:
                listening.listen(BACKLOG)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """No more calls; those in hand are let go, to the native queue."""
        if self._server is not None:
            self._server.close()
        for stranger in self._strangers.values():
            stranger.transport.abort()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._strangers, *self._calls, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._allowed(writer):
            self._count("refused")
            writer.transport.abort()
            return
        if len(self._strangers) >= STRANGERS_MAX:
            self._strangers.pop(next(iter(self._strangers))).transport.abort()
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._strangers[task] = writer
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._strangers.pop(task, None)
        self._calls.discard(task)

    def _allowed(self, writer: asyncio.StreamWriter) -> bool:
        peer = writer.get_extra_info("peername")
        return bool(peer) and any(ipaddress.ip_address(peer[0]) in network for network in self._allow)

    def _admitted(self, headers: dict[str, str]) -> Ended | None:
        """Why this head is no call that we take, or None: from here on it counts as one."""
        task = asyncio.current_task()
        assert task is not None
        self._strangers.pop(task, None)
        if self._secret and not agi_token.right(
            self._secret, headers.get("uniqueid", ""), headers.get("arg_1", "")
        ):
            if not self._told:  # once: whoever forges must not fill the log
                self._told = True
                log.error("a call has no right token: is GUICHET_AGI_SECRET the same as agi.secret_file?")
            return "forged"
        if len(self._calls) >= self._settings.connections:
            return "crowded"
        self._calls.add(task)
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outcome: Ended = "garbage"
        try:
            head = await _head(reader)
            if head is None:
                return
            headers = parse_headers(head)
            if (turned := self._admitted(headers)) is not None:
                outcome = turned
                return
            outcome = "failed"
            await self._handler(Agi(headers, reader, writer))
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
    """Nothing is left to be sent as a rule: then there is nothing to wait for."""
    unsent = writer.transport.get_write_buffer_size()
    writer.close()
    if not unsent:
        return
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
