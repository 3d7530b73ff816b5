"""When to look: Asterisk's channels beside the state, and the native queue for callers to take back.

A look that fails is tried again while the link is up; the next login looks by itself.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NoReturn

from router.door import Unavailable
from router.phone import ami

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.phone.readoption import Readoption
    from router.phone.resync import Resync
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

AGAIN_S = 1.0
FAULTS = (ami.Unsent, ami.Unknown, ami.Denied, Unavailable)


class Looks:
    """`now`, `soon` and `back` ask for one; `run` and `run_back` have them done."""

    def __init__(self, resync: Resync, readoption: Readoption, count: Callable[[str], None]) -> None:
        self._resync, self._readoption, self._count = resync, readoption, count
        self._looking, self._fallen = asyncio.Event(), asyncio.Event()

    def now(self) -> None:
        """Something is not known: compare the channels with the state."""
        self._looking.set()

    def soon(self) -> None:
        """The same in a while: there may be no room yet for what it finds."""
        asyncio.get_running_loop().call_later(AGAIN_S, self._looking.set)

    def back(self) -> None:
        """The native queue has taken a caller, and the log took the word of it: we can serve again."""
        self._fallen.set()

    async def run(self, wire: Wire) -> NoReturn:
        while True:
            await self._looking.wait()
            self._looking.clear()
            try:
                await self._resync.look(wire)
                self._count("surveys")
            except FAULTS as fault:
                log.warning("the channels could not be compared with the state: %s", fault)
                if wire.up:
                    self._looking.set()
                await asyncio.sleep(AGAIN_S)

    async def run_back(self, wire: Wire) -> NoReturn:
        """Callers whom the native queue took while the link was up: the log had been away."""
        while True:
            await self._fallen.wait()
            self._fallen.clear()
            try:
                await self._readoption.take_back(wire)
            except FAULTS as fault:
                log.warning("callers of the native queue could not be taken back: %s", fault)
