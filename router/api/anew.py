"""Has the projections begin anew when this process comes to own the pool: others wrote to the log before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from router.core.events import Takeover
from router.door import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.core.state import State
    from router.door import Door, Released

AGAIN_AFTER = 1.0  # seconds until a standby asks again whether it owns the pool


class Anew:
    """Runs each `take_up` on one durable state, between two entries: none is missed or counted twice."""

    def __init__(self, door: Door, take_up: Sequence[Callable[[State], None]]) -> None:
        self._door = door
        self._take_up = take_up
        self._due = asyncio.Event()
        self._due.set()

    def hear(self, released: Released) -> None:
        if isinstance(released.entry.event, Takeover):
            self._due.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._door.read(self._all)
            except Unavailable:
                self._due.set()
                await asyncio.sleep(AGAIN_AFTER)

    def _all(self, state: State) -> None:
        for take_up in self._take_up:
            take_up(state)
