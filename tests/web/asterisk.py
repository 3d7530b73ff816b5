"""A stand-in for the phone gateway: it answers each effect as a test wants."""

from __future__ import annotations

import asyncio

from router.core.effects import Consult, Perform, Release
from router.core.events import Consulted, Outcome


class Asterisk:
    """A gateway that says of each effect what a test wants; `None`: it says nothing."""

    def __init__(self, door) -> None:
        self.says = ("done", "")
        self.of_colleague = "answered"
        self.heard = []
        self.asked = asyncio.Event()
        self._door = door
        self._tasks = set()
        door.listen(self._hear)

    def _hear(self, released) -> None:
        for effect in released.entry.effects:
            match effect:
                case Perform() | Release():
                    self.heard.append(effect)
                    self.asked.set()
                    if self.says:
                        self._tell(Outcome(effect.effect_id, *self.says))
                case Consult():
                    self.heard.append(effect)
                    if self.of_colleague:
                        self._tell(Consulted(effect.contact, effect.second, self.of_colleague))

    def _tell(self, event) -> None:
        task = asyncio.ensure_future(self._door.submit(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
