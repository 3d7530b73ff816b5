"""What the gateway has to tell the core: submitted in order per contact, and kept while the log is away.

It must never lose the order of one contact's events, never let one contact wait for another, and never grow
without bound: what is dropped is found again by the next look at the channels.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from router.door import Unavailable
from router.ending import end

if TYPE_CHECKING:
    from router.core.events import Event
    from router.door import Door

log = logging.getLogger(__name__)

CONTACTS_MAX = 10_000
EVENTS_MAX = 100  # of one contact: a call's whole life is a dozen
WAIT_MAX_S = 10.0

Lost = Callable[[], None]
Heard = Callable[["Event", str], None]  # the event, and the code of its refusal or nothing


class Outbox:
    """`heard` is told of each event that the core took or refused, `lost` whenever one was dropped."""

    def __init__(self, door: Door, heard: Heard, lost: Lost) -> None:
        self._door = door
        self._heard = heard
        self._lost = lost
        self._kept: dict[str, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, contact: str, event: Event) -> None:
        """Submit this after what was put before of the same contact; without room it is dropped."""
        kept = self._kept.get(contact)
        if len(kept) >= EVENTS_MAX if kept is not None else len(self._kept) >= CONTACTS_MAX:
            self._lost()
            return
        if kept is not None:
            kept.append(event)
            return
        self._kept[contact] = deque([event])
        task = asyncio.get_running_loop().create_task(self._drain(contact))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, within_s: float) -> None:
        """Give what is kept a last chance."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)
        await end(self._tasks)

    async def _drain(self, contact: str) -> None:
        kept = self._kept[contact]
        try:
            while kept:
                event = kept[0]
                try:
                    refusal = await self._submit(event)
                except Exception:  # this one only: those behind it may be taken
                    log.exception("an event could not be submitted", extra={"contact": contact})
                    self._lost()
                else:
                    self._heard(event, refusal)
                kept.popleft()
        finally:
            del self._kept[contact]

    async def _submit(self, event: Event) -> str:
        """Until the core has taken or refused it: its id makes the repeat of a lost answer harmless."""
        patience = 0.0
        while True:
            try:
                result = await self._door.submit(event)
            except Unavailable as fault:
                patience = min(max(fault.retry_after, patience * 2), WAIT_MAX_S)
                await asyncio.sleep(patience)
            else:
                return result.refusal.code if result.refusal is not None else ""
