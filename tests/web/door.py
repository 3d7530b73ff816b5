"""A twin of the owner's door in memory: the real state and the real step, no Redis. Made to fail on wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from router.core.state import State
from router.core.step import Result, step
from router.door import Listener, Released, Unavailable
from router.log.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.events import Event

T = TypeVar("T")
START = 1_700_000_000_000_000  # microseconds


class MemoryDoor:
    """`pass_time` moves the clock; `unavailable` makes every submit and read fail as a lost log does."""

    def __init__(self) -> None:
        self.state = State()
        self.clock = START
        self.age = 0.0
        self.unavailable: Unavailable | None = None
        self.entries: list[Entry] = []
        self._listeners: list[Listener] = []

    async def submit(self, event: Event) -> Result:
        if self.unavailable:
            raise self.unavailable
        result = step(self.state, event, self.clock)
        if result.refusal is None and not result.duplicate:
            entry = Entry(self.state.n, self.clock, event, result.effects, policy=self.state.policy_hash)
            self.entries.append(entry)
            for listener in list(self._listeners):
                listener(Released(entry, self.clock + 1_000_000))
        return result

    async def read(self, question: Callable[[State], T]) -> T:
        if self.unavailable:
            raise self.unavailable
        return question(self.state)

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def now(self) -> int:
        return self.clock

    def last_append_age(self) -> float:
        return self.age

    def hear_again(self) -> None:
        """Tell the listeners the last entry once more."""
        for listener in list(self._listeners):
            listener(Released(self.entries[-1], self.clock + 1_000_000))

    def pass_time(self, seconds: float) -> None:
        self.clock += round(seconds * 1_000_000)
