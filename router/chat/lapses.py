"""Wakes each chat when something is due for it: the warning, the end, or a citizen who left long ago."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from router.chat.closing import next_due

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.chat.closing import Action, Patience
    from router.chat.room import Room


class Lapses:
    """`watch` a room once; `due` is called in the loop, never twice for the same silence."""

    def __init__(
        self, patience: Patience, now: Callable[[], int], due: Callable[[Room, Action], None]
    ) -> None:
        self._patience, self._now, self._due = patience, now, due
        self._timers: dict[Room, asyncio.TimerHandle] = {}

    def watch(self, room: Room) -> None:
        room.changed = lambda: self._look(room)
        self._look(room)

    def forget(self, room: Room) -> None:
        room.changed = lambda: None
        timer = self._timers.pop(room, None)
        if timer is not None:
            timer.cancel()

    def stop(self) -> None:
        for room in list(self._timers):
            self.forget(room)

    def _look(self, room: Room) -> None:
        """Keep the timer that is there if it ends early enough: a message moves what is due only later."""
        due = next_due(room.quiet, self._patience)
        if due is None:
            return
        wait = max(0, due.at - self._now()) / 1_000_000
        loop = asyncio.get_running_loop()
        timer = self._timers.get(room)
        if timer is not None:
            if timer.when() <= loop.time() + wait:
                return
            timer.cancel()
        self._timers[room] = loop.call_later(wait, self._wake, room)

    def _wake(self, room: Room) -> None:
        del self._timers[room]
        due = next_due(room.quiet, self._patience)
        if due is not None and due.at <= self._now():
            self._due(room, due.action)
        else:
            self._look(room)
