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

if TYPE_CHECKING:
    from router.core.events import Event
    from router.door import Door

log = logging.getLogger(__name__)

CONTACTS_MAX = 10_000
WAIT_MAX_S = 10.0

Heard = Callable[["Event", str], None]  # the event, and the code of its refusal or nothing


class Outbox:
    """`heard` is told of each event that the core took or refused."""

    def __init__(self, door: Door, heard: Heard) -> None:
        self._door = door
        self._heard = heard
        self._kept: dict[str, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, contact: str, event: Event) -> bool:
        """Submit this after what was put before of the same contact. False: there is no room."""
        kept = self._kept.get(contact)
        if kept is not None:
            kept.append(event)
            return True
        if len(self._kept) >= CONTACTS_MAX:
            return False
        self._kept[contact] = deque([event])
        task = asyncio.get_running_loop().create_task(self._drain(contact))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def stop(self, within_s: float) -> None:
        """Give what is kept a last chance."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drain(self, contact: str) -> None:
        kept = self._kept[contact]
        try:
            while kept:
                event = kept[0]
                refusal = await self._submit(event)
                kept.popleft()
                self._heard(event, refusal)
        except Exception:
            log.exception("an event could not be submitted", extra={"contact": contact})
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
