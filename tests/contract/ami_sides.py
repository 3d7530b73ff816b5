"""Two clients of the same AMI: panoramisk 1.4 as it comes, and Guichet's wire around it.

Each test of `test_panoramisk_ami.py` runs with both: bare must show the defect, so that the table in
docs/reference/panoramisk.md stays true, and ours must not. It must never soften what bare does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from msgspec import defstruct
from panoramisk.manager import Manager

from router.phone import ami, ami_actions, frame, wire
from router.phone.settings import AmiSettings
from router.phone.wire import Wire
from tests.unit.phone.peer import Peer

BOTH = pytest.mark.parametrize("kind", ["bare", "ours"])
RETRY_S = 0.02


class Bare:
    """panoramisk as its documentation shows it."""

    shows = True
    patience = 0.25  # what has not come by then never does: nothing is under way that could bring it

    def __init__(self, port: int, ping_s: float = 60.0) -> None:
        self.heard: list[dict[str, str]] = []
        self.manager = Manager(
            host="127.0.0.1", port=port, username="guichet", secret="secret", loop=asyncio.get_running_loop()
        )
        self.manager.reconnect_timeout = RETRY_S
        self.manager.ping_delay = self.manager.ping_interval = ping_s
        self.manager.register_event("*", lambda manager, event: self.heard.append(headers(event)))

    async def start(self) -> None:
        await self.manager.connect()
        await self.manager.authenticated_future

    async def ask(self, action: str, **fields: str) -> object:
        return await self.manager.send_action({"Action": action, **fields})

    async def ask_list(self) -> list[dict[str, str]]:
        return [headers(row) for row in await self.manager.send_action({"Action": "Status"})]

    def fail_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever hears the next Hangup raises."""
        left = [RuntimeError("broken on purpose")]

        def hear(manager: Manager, event: object) -> None:
            if left:
                raise left.pop()

        self.manager.register_event("Hangup", hear)

    @property
    def kept(self) -> int:
        """Actions that it still holds an entry of."""
        return len(self.manager.protocol.responses)

    @property
    def up(self) -> bool:
        return not self.manager.protocol.closed

    def close(self) -> None:
        self.manager.close()


class Ours:
    """`router.phone.wire`, with delays short enough for a test."""

    shows = False
    patience = 5.0

    def __init__(self, port: int, ping_s: float = 60.0) -> None:
        self.ping_s = ping_s
        self.seen: list[dict[str, str]] = []
        self.wire = Wire(AmiSettings(port=port), "secret")

    @property
    def heard(self) -> list[dict[str, str]]:
        return self.seen

    async def start(self) -> None:
        self.wire.connect()
        async with asyncio.timeout(5):
            while not isinstance(await self.wire.events.get(), ami.LoggedIn):
                pass

    async def ask(self, action: str, **fields: str) -> object:
        names = [name.lower() for name in fields]
        return await self.wire.act(defstruct(action, names)(*fields.values()))

    async def ask_list(self) -> list[dict[str, str]]:
        return await self.wire.act(ami_actions.Status())

    def fail_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        left, real = [RuntimeError("broken on purpose")], ami.read

        def read(event: dict[str, str]) -> object:
            if left and event.get("event", "") == "Hangup":
                raise left.pop()
            return real(event)

        monkeypatch.setattr(ami, "read", read)

    @property
    def kept(self) -> int:
        return sum(asked["Action"] != "Ping" for asked in self.wire.protocol.responses.values())

    @property
    def up(self) -> bool:
        return self.wire.up

    def close(self) -> None:
        self.wire.close()


def headers(event: object) -> dict[str, str]:
    return {name.lower(): value for name, value in event.items()}


@asynccontextmanager
async def joined(kind: str, peer: Peer, monkeypatch: pytest.MonkeyPatch, ping_s: float = 60.0):
    """One of the two, logged in at the peer. Everything that its reader is given is in `heard`."""
    monkeypatch.setattr(wire, "BACKOFF_S", RETRY_S)
    monkeypatch.setattr(wire, "PING_S", ping_s)
    monkeypatch.setattr(wire, "ACTION_S", min(ping_s, 3.0))
    server = await asyncio.start_server(peer.connected, "127.0.0.1", 0)
    link = {"bare": Bare, "ours": Ours}[kind](server.sockets[0].getsockname()[1], ping_s)
    if kind == "ours":
        read = ami.read

        def noted(event: dict[str, str] | frame.Lines) -> object:
            link.seen.append(event if isinstance(event, dict) else frame.headers(event.raw))
            return read(event)

        monkeypatch.setattr(ami, "read", noted)
    await link.start()
    try:
        yield link
    finally:
        link.close()
        for writer in peer.writers:
            writer.transport.abort()
        server.close()


async def comes(condition: Callable[[], object], within: float) -> bool:
    """Whether it becomes true in time. Asked again and again: panoramisk has no event for most of it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while not (done := condition()) and loop.time() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    return bool(done)


async def ends(work: asyncio.Task[object], within: float) -> bool:
    """Whether it ends in time, in whatever way."""
    done, _ = await asyncio.wait([work], timeout=within)
    if done:
        work.exception()
    else:
        work.cancel()
    return bool(done)
