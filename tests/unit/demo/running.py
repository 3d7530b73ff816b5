"""The demonstration agency behind its real HTTP API, on a door in memory whose clock runs."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from aiohttp.test_utils import TestServer

from config.loader import DEMO, load
from metrics.instruments import Instruments
from router.api.app import build_app
from router.api.settings import Settings
from router.core.events import Config, Ended, Tick
from router.core.policy import CHANNELS
from router.core.step import Result
from router.door import Unavailable
from router.rules import policy_hash, policy_of
from tests.web.door import MemoryDoor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from router.core.events import Event
    from router.core.state import State


class Clocked(MemoryDoor):
    """Stamps events by the machine's clock, and wakes who waits for something to be true of the state."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Condition()
        self._refusals = 0

    def now(self) -> int:
        return time.time_ns() // 1000

    async def submit(self, event: Event) -> Result:
        if isinstance(event, Ended) and self._refusals:
            self._refusals -= 1
            raise Unavailable("log_unavailable", "as if the log were away", retry_after=0.1)
        self.clock = max(self.clock, self.now())
        result = await super().submit(event)
        async with self._changed:
            self._changed.notify_all()
        return result

    def refuse(self, times: int) -> None:
        """So many ends of conversations cannot be taken."""
        self._refusals = times

    async def until(self, question: Callable[[State], object]) -> None:
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: question(self.state))


class NoVault:
    """Keeps nothing."""

    async def get(self, contact: str) -> Mapping[str, object] | None:
        return None


async def rule(door: Clocked) -> None:
    """The demonstration's policy rules."""
    policy = policy_of(load(DEMO).tree, "main")
    await door.submit(Config(policy, policy_hash(policy)))


@contextlib.asynccontextmanager
async def serving(door: Clocked, port: int | None = None, *, demo: bool = True) -> AsyncIterator[TestServer]:
    """The API of the demonstration, with timers; at the end every connection is cut."""
    tokens = [token.credential() for token in load(DEMO).tree.http.tokens] if demo else []
    instruments = Instruments("main", CHANNELS)
    app = build_app(door, tokens, Settings(), vault=NoVault(), hash_of=policy_hash, instruments=instruments)
    server = TestServer(app, port=port)
    await server.start_server()
    ticks = asyncio.create_task(_tick(door))
    try:
        yield server
    finally:
        ticks.cancel()
        await server.close()


async def _tick(door: Clocked) -> None:
    while True:
        await asyncio.sleep(0.05)
        await door.submit(Tick())
