"""Keeps the members of Asterisk's own queue in step with the log, by AMI, one change after the other.

What Asterisk has is asked at each login, whenever a change did not go as thought, and from time to time.
It must never hold up a call: it has its own task, and a queue that cannot be changed is only counted.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NoReturn

from router.core.effects import SetAway
from router.core.events import Agent
from router.door import Unavailable
from router.phone import ami
from router.phone.ami_agents import QueueStatus
from router.phone.native_queue import after, changes, members, strangers, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from router.door import Door, Released
    from router.phone.native_queue import Change
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

STATUS_S = 10.0
AGAIN_S = 1.0


class NativeQueue:
    """`heard` and `logged_in` say what may have changed; `run` brings it about."""

    def __init__(
        self,
        door: Door,
        endpoints: Mapping[str, str],
        compare_s: float,
        count: Callable[[str], None],
        drift: Callable[[str], None],
    ) -> None:
        self._door = door
        self._compare_s = compare_s
        self._drift = drift
        self._endpoints = endpoints
        self._count = count
        self._there: dict[str, bool] | None = None  # member -> paused; None: to be asked
        self._stale: set[str] = set()  # agents to be compared
        self._news = asyncio.Event()

    def heard(self, released: Released) -> None:
        """A listener of the log."""
        event = released.entry.event
        if isinstance(event, Agent):
            self._changed(event.agent)
        for effect in released.entry.effects:
            if isinstance(effect, SetAway):
                self._changed(effect.agent)

    def logged_in(self) -> None:
        """Asterisk may have started afresh, or others may have changed its queue."""
        self._there = None
        self._news.set()

    def _changed(self, agent: str) -> None:
        if agent in self._endpoints:
            self._stale.add(agent)
            self._news.set()

    async def run(self, wire: Wire) -> NoReturn:
        while True:
            try:
                async with asyncio.timeout(self._compare_s):
                    await self._news.wait()
            except TimeoutError:
                changed = False
            else:
                changed = True
            self._news.clear()
            try:
                if changed or await self._drifted(wire):
                    await self._step(wire)
            except (ami.Unsent, Unavailable):
                self._there = None  # the next login, or the pool's return, asks again
                await self._again(wire)
            except (ami.Unknown, ami.Denied) as fault:
                self._count("member_refused")
                log.warning("the native queue's members could not be brought into step: %s", fault)
                self._there = None
                await self._again(wire)

    async def _again(self, wire: Wire) -> None:
        await asyncio.sleep(AGAIN_S)
        if wire.up:
            self._news.set()

    async def _drifted(self, wire: Wire) -> bool:
        """Whether others have changed the members: all changes of ours go through `run`."""
        if self._there is None or not wire.up:
            return False
        await self._door.read(lambda state: state.n)  # another owner may change them as it likes
        drifted = members(await wire.act(QueueStatus(), STATUS_S)) != self._there
        if drifted:
            self._drift("member")
            log.error("somebody else has changed the native queue's members")
            self._there = None
        return drifted

    async def _step(self, wire: Wire) -> None:
        if self._there is None:
            await self._door.read(lambda state: state.n)  # not ours to change without the pool
            there = members(await wire.act(QueueStatus(), STATUS_S))
            for stranger in strangers(self._endpoints, there):
                there = await self._do(wire, stranger, there)
            self._there = there
            self._stale = set(self._endpoints)
        agents, self._stale = sorted(self._stale), set()
        wants = await self._door.read(lambda state: wanted(state, agents))
        for change in list(changes(self._endpoints, agents, wants, self._there)):
            self._there = await self._do(wire, change, self._there)

    async def _do(self, wire: Wire, change: Change, there: dict[str, bool]) -> dict[str, bool]:
        await wire.act(change)
        self._count("members")
        return after(there, change)
