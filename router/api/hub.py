"""Spreads released entries to every live socket: one reading of the state and one encoding for all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from msgspec.json import encode

from router.api.listener import GOING_AWAY, TOO_SLOW, TRY_AGAIN
from router.api.messages import Addressed, Teller
from router.door import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.api.listener import Listener
    from router.core.state import State
    from router.door import Door, Released
    from router.log.entry import Entry

log = logging.getLogger("guichet.api")

MOST = 500  # sockets
BEHIND = 10_000  # entries not yet told: beyond, everybody starts again from HTTP


class Hub:
    """The listener on the door behind `/live`."""

    def __init__(self, door: Door, count: Callable[[int], None]) -> None:
        self._door = door
        self._count = count
        self._teller = Teller()
        self._pending: list[Entry] = []
        self._wake = asyncio.Event()
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._pump())

    async def stop(self) -> None:
        for listener in self._listeners:
            listener.end(GOING_AWAY)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def full(self) -> bool:
        return len(self._listeners) >= MOST

    def add(self, listener: Listener) -> None:
        self._listeners.add(listener)
        self._count(len(self._listeners))

    def remove(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        self._count(len(self._listeners))

    def hear(self, released: Released) -> None:
        self._pending.append(released.entry)
        if len(self._pending) > BEHIND:
            self._pending.clear()
            self._drop_all(TOO_SLOW)
        self._wake.set()

    async def _pump(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            entries, self._pending = self._pending, []
            try:
                told = await self._tell(entries)
            except Unavailable:
                self._drop_all(TRY_AGAIN)  # they come back to whoever owns the pool now
                continue
            except Exception:
                log.exception("live messages lost")
                self._drop_all(GOING_AWAY)
                continue
            for addressed in told:
                concerned = [listener for listener in self._listeners if listener.concerns(addressed)]
                if concerned:
                    text = encode(addressed.message).decode()
                    for listener in concerned:
                        listener.put(text)

    async def _tell(self, entries: list[Entry]) -> list[Addressed]:
        now = self._door.now()

        def question(state: State) -> list[Addressed]:
            return self._teller.tell(entries, state, now)

        return await self._door.read(question)

    def _drop_all(self, code: int) -> None:
        for listener in self._listeners:
            listener.end(code)
