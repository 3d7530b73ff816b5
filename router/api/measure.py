"""Feeds the instruments from what the door releases. A contact is counted once: served, abandoned, fallback.

A contact that was served and then left while waiting again (transfer) stays served. One that the native queue
handed back to us stays fallback: a counter cannot take back.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from router.api.answered import ANSWERED
from router.api.promises import BY, classes, of_event, of_record
from router.api.views import seconds
from router.core.effects import Offer, Replaced, Withdraw
from router.core.events import Answer, Config, Contact, Found, Gone, Outcome, Refused
from router.core.policy import Policy
from router.door import Unavailable

if TYPE_CHECKING:
    from metrics.instruments import Instruments
    from metrics.promise import Kept
    from router.api.promises import Promised, Promises
    from router.api.watch import Watch
    from router.core.events import Event
    from router.core.state import State
    from router.door import Door, Released

LAG_EVERY = 0.25  # seconds between two looks at the loop


class _Pending(NamedTuple):
    """A contact not served yet."""

    channel: str
    promised: Promised


class _Looked(NamedTuple):
    """What one look at the state saw."""

    waiting: dict[str, tuple[int, float]]
    agents: dict[str, int]
    idle: int
    entries: int
    promises: dict[str, Kept]


class Measure:
    """The listener behind /metrics."""

    def __init__(self, door: Door, watch: Watch, instruments: Instruments, promises: Promises) -> None:
        self._door = door
        self._watch = watch
        self._instruments = instruments
        self._promises = promises
        self._policy = Policy()
        self._pending: dict[str, _Pending] = {}
        self._open: dict[str, int] = {}  # offer -> made at

    def take_up(self, state: State) -> None:
        """Begin anew from this state: what waits, and which offers are open. Inside `door.read`."""
        self._policy = state.policy
        self._pending = {
            record.contact: _Pending(record.channel, of_record(record))
            for record in state.contacts.values()
            if record.state in ("waiting", "offered") and not record.served_at
        }
        offers = (record for record in state.offers.values() if record.state == "open")
        self._open = {record.offer: record.made_at for record in offers}

    def hear(self, released: Released) -> None:
        entry = released.entry
        self._event(entry.event, entry.at)
        for effect in entry.effects:
            if isinstance(effect, Offer):
                self._open[effect.offer] = entry.at
            elif isinstance(effect, Replaced):
                self._moved_on(effect.contact, effect.by)
            elif isinstance(effect, Withdraw):
                outcome = "missed" if effect.because == "expired" else "withdrawn"
                self._close(effect.offer, outcome, entry.at)

    async def exposition(self) -> bytes:
        """Gauges as of now, then everything. Without the log the figures of this process are still told."""
        self._instruments.log_age(self._door.last_append_age())
        with contextlib.suppress(Unavailable):
            await self._look()
        return self._instruments.exposition()

    async def _look(self) -> None:
        now = self._door.now()

        def question(state: State) -> _Looked:
            waiting: dict[str, tuple[int, float]] = {}
            records = self._watch.records(state)
            for record in records:
                if record.state == "waiting":
                    count, longest = waiting.get(record.channel, (0, 0.0))
                    waiting[record.channel] = (count + 1, max(longest, seconds(now - record.arrived_at)))
            agents = dict(Counter(str(agent.state) for agent in state.agents.values()))
            idle = sum(agent.state == "ready" and not agent.hands for agent in state.agents.values())
            return _Looked(waiting, agents, idle, state.n, self._promises.counts(records, now))

        looked = await self._door.read(question)
        self._instruments.waiting(looked.waiting)
        self._instruments.agents(looked.agents, looked.idle)
        self._instruments.entries(looked.entries)
        for by in BY:
            self._instruments.promises(by, classes(by, looked.promises))

    async def watch_loop(self) -> None:
        """How late the loop wakes us: what every other wait suffers too. Runs until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self._instruments.lagged(loop.time() - due)

    def _event(self, event: Event, at: int) -> None:
        match event:
            case Contact():
                self._instruments.arrived(event.channel)
                self._pending[event.contact] = _Pending(event.channel, of_event(event, at, self._policy))
            case Config():
                self._policy = event.policy
            case Answer():
                self._close(event.offer, event.answer, at)
                if event.answer == "accepted":
                    self._served(event.contact, at)
            case Found(where="bridged"):
                self._served(event.contact, at)
            case Found(where="absent" | "lost"):
                self._left(event.contact, event.where, at)
            case Gone():
                self._left(event.contact, event.reason, at)
            case Outcome():
                self._instruments.outcome(event.result)
            case Refused():
                self._instruments.refused(event.code)
            case _:
                pass

    def _served(self, contact: str, at: int) -> None:
        pending = self._pending.pop(contact, None)
        if pending is not None:
            self._instruments.served(pending.channel, seconds(at - pending.promised.arrived_at))
            self._promises.decided(pending.promised, at, served=True)

    def _left(self, contact: str, reason: str, at: int) -> None:
        pending = self._pending.pop(contact, None)
        if pending is None:
            return
        answered = reason == ANSWERED  # on another channel: that is when the citizen was served
        self._promises.decided(pending.promised, at, served=answered)
        if answered:
            self._instruments.served(pending.channel, seconds(at - pending.promised.arrived_at))
        elif reason == "fallback":
            self._instruments.fallback(pending.channel)
        else:
            self._instruments.abandoned(pending.channel)

    def _moved_on(self, contact: str, by: str) -> None:
        """Another contact has its place: that one keeps what was promised, or not, from first arrival."""
        former, heir = self._pending.pop(contact, None), self._pending.get(by)
        if former is None:
            return
        self._instruments.replaced(former.channel)
        if heir is not None:
            since = min(former.promised.arrived_at, heir.promised.arrived_at)
            self._pending[by] = heir._replace(promised=heir.promised._replace(arrived_at=since))

    def _close(self, offer: str, outcome: str, at: int) -> None:
        made_at = self._open.pop(offer, None)
        if made_at is not None:
            self._instruments.offer_closed(outcome, seconds(at - made_at))
