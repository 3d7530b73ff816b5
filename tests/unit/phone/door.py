"""A twin of the port `router.door.Door`: the real state and the real step, durable at once, without Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from router.core.events import Agent, Config, Event
from router.core.invariants import broken
from router.core.policy import SECOND, Policy, Topic
from router.core.state import State
from router.core.step import Result, step
from router.door import Listener, Released, Unavailable
from router.log.entry import Entry

LEASE = 2 * SECOND


def agency(**changes: Any) -> Policy:
    """Two languages, two topics."""
    topics = {"housing": Topic({"housing": 1}), "family": Topic({"family": 1})}
    languages = {"fr": {"lang:fr": 1}, "en": {"lang:en": 1}}
    return Policy(topics=topics, languages=languages, **changes)


class MemoryDoor:
    """One pool in memory. `away` makes the log refuse; `entries` keeps all that was released."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.state = State()
        self.entries: list[Entry] = []
        self.refused: list[tuple[Event, str]] = []
        self.away = False
        self.lease = LEASE
        self._listeners: list[Listener] = []
        self._news = asyncio.Event()
        self._step(Config(policy or agency(), "h"))

    def now(self) -> int:
        return max(self.state.now, time.time_ns() // 1000)

    def last_append_age(self) -> float:
        return 60.0 if self.away else 0.0

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def read(self, question: Callable[[State], Any]) -> Any:
        return question(self.state)

    async def submit(self, event: Event) -> Result:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("log_unavailable", "the twin's log is away", retry_after=0.02)
        return self._step(event)

    def _step(self, event: Event) -> Result:
        result = step(self.state, event, self.now())
        assert broken(self.state) == []
        if result.refusal is not None:
            self.refused.append((event, result.refusal.code))
        elif not result.duplicate:
            entry = Entry(self.state.n, self.state.now, event, result.effects)
            self.entries.append(entry)
            for listener in list(self._listeners):
                listener(Released(entry, self.now() + self.lease))
        self._news.set()
        return result

    async def ready(self, agent: str, **skills: int) -> None:
        await self.submit(Agent(agent, "ready", skills=skills))

    async def until(self, condition: Callable[[State], Any], within: float = 15.0) -> Any:
        """The first true answer, asked again after each event."""
        async with asyncio.timeout(within):
            while not (answer := condition(self.state)):
                self._news.clear()
                await self._news.wait()
        return answer

    def events(self, *kinds: type) -> list[Event]:
        return [entry.event for entry in self.entries if isinstance(entry.event, kinds)]


def one_contact(state: str) -> Callable[[State], Any]:
    """The one contact once it is in this state."""
    return lambda pool: next((each for each in pool.contacts.values() if each.state == state), None)
