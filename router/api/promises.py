"""Attained over promised of the last hour, by channel, topic and language: heard from released entries.

A contact is decided once: served (in time or not), gone, or waiting beyond its target by now. What the native
queue took was not served by us in time. Nothing here is durable: after a start, figures begin anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from metrics.promise import PROMISED, Kept, Window, short, spread
from router.api.route import Ask, Reply, Route
from router.core.policy import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.api.watch import Watch
    from router.core.events import Contact
    from router.core.policy import Policy
    from router.core.state import ContactRecord
    from router.door import Door

BY = ("channel", "topic", "language")


class PromiseOf(Struct, frozen=True):
    """One class. Shares from 0; `over_promised` is 1 where just what was promised is attained."""

    name: str
    decided: int  # contacts served, gone, or waiting beyond their target
    kept: int  # of those, served within it
    attained: float | None  # null: nobody came
    over_promised: float | None


class PromiseView(Struct, frozen=True):
    """Equal promise: every class should attain the same share of what it was promised."""

    by: str  # channel, topic or language
    classes: list[PromiseOf]
    spread: float | None  # best less worst, of the classes with ten contacts or more
    short: list[str]  # classes that get less than was promised, the shortest first


class PromiseList(Struct, frozen=True):
    """Of the last `window_s` seconds. `promised`: the share to be served within the target."""

    promised: float
    window_s: float
    views: list[PromiseView]


class Promised(NamedTuple):
    """What a contact that is not decided yet was promised."""

    names: tuple[str, ...]
    arrived_at: int
    target: int


class Promises:
    """The counts, and the question about them."""

    def __init__(self, door: Door, watch: Watch) -> None:
        self._door = door
        self._watch = watch
        self._window = Window()

    def routes(self) -> list[Route]:
        return [
            Route("get_promises", "GET", "/promises", self.answer,
                  "Attained over promised by channel, topic, language", {200: PromiseList}),
        ]  # fmt: skip

    async def answer(self, ask: Ask[None, None]) -> Reply:
        now = self._door.now()
        counts = await self._door.read(lambda state: self.counts(self._watch.records(state), now))
        return Reply(PromiseList(PROMISED, self._window.lasts, [_view(by, counts) for by in BY]))

    def decided(self, promised: Promised, at: int, *, served: bool) -> None:
        """Served, or gone, at this instant."""
        in_time = served and at - promised.arrived_at <= promised.target
        self._window.decided(promised.names, in_time, at / SECOND)

    def counts(self, records: Iterable[ContactRecord], now: int) -> dict[str, Kept]:
        """By "channel phone" and so on. Who waits beyond the target can be in time no more."""
        sums = self._window.counts(now / SECOND)
        for record in records:
            waits = record.state in ("waiting", "offered") and not record.served_at
            if waits and now - record.arrived_at > record.target:
                for name in of_record(record).names:
                    before = sums.get(name, Kept(0, 0))
                    sums[name] = Kept(before.decided + 1, before.kept)
        return sums


def of_event(event: Contact, at: int, policy: Policy) -> Promised:
    """What an arriving contact is promised."""
    target = policy.channels[event.channel].target if event.target is None else event.target
    return Promised(names(event.channel, event.topic, event.language), at - event.waited, target)


def of_record(record: ContactRecord) -> Promised:
    """The same of one that was known before."""
    return Promised(names(record.channel, record.topic, record.language), record.arrived_at, record.target)


def names(channel: str, topic: str, language: str) -> tuple[str, ...]:
    """The classes it belongs to."""
    told = zip(BY, (channel, topic, language), strict=True)
    return tuple(f"{by} {name}" for by, name in told if name)


def classes(by: str, counts: dict[str, Kept]) -> dict[str, Kept]:
    """Of one kind, by name."""
    return {
        name.removeprefix(f"{by} "): each
        for name, each in sorted(counts.items())
        if name.startswith(f"{by} ")
    }


def _view(by: str, counts: dict[str, Kept]) -> PromiseView:
    found = classes(by, counts)
    told = [PromiseOf(n, k.decided, k.kept, k.attained, k.over_promised) for n, k in found.items()]
    return PromiseView(by, told, spread(found), short(found))
