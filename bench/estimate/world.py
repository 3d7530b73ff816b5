"""A centre under a virtual clock that asks the core for an estimate before each contact, as a driver would.

Everything drawn comes from one seed. It knows the true rates, so it also gives the estimate that a
queue-length estimator with known rates would give. It decides nothing of what is measured: see `judge`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from router.core import events as e
from router.core.effects import Offer
from router.core.estimate import NOBODY, Wait, estimate, estimate_of
from router.core.policy import SECOND, Policy
from router.core.state import State
from router.core.step import step

Draw = Callable[[random.Random], float]


@dataclass(frozen=True)
class Kind:
    """Contacts alike: rates per second by instant, durations in seconds."""

    channel: str
    needs: dict[str, int]
    rate: Callable[[float], float]
    peak: float  # the highest rate there is
    handling: Draw
    patience: float | None = None  # mean of an exponential
    due: float | None = None


@dataclass(frozen=True)
class World:
    """A centre: who comes, who is there (by instant), and how long it is watched."""

    name: str
    kinds: tuple[Kind, ...]
    agents: tuple[tuple[dict[str, int], tuple[tuple[float, float], ...]], ...]  # skills, shifts
    hours: float
    known: Callable[[State, str, float], float] | None = None  # queue-length's answer, rates known
    warm: float = 1.0  # hours not judged
    answers: float = 0.0  # seconds until an offer is accepted


@dataclass
class Told:
    """One who had to wait."""

    channel: str
    at: float
    wait: Wait
    known: float | None
    later: list[tuple[float, Wait]] = field(default_factory=list)
    served: float | None = None


class Run:
    """One day of a world."""

    def __init__(self, world: World, seed: int, policy: Policy | None = None) -> None:
        self.world, self.rng = world, random.Random(seed)
        self.state = State()
        self.state.policy = policy or Policy()
        self.told: dict[str, Told] = {}
        self.arrived = 0
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = count()
        self._ticks: set[int] = set()
        self._handling: dict[str, float] = {}

    def live(self) -> list[Told]:
        """The whole day; everybody who had to wait after warming up and was served."""
        for number, (skills, shifts) in enumerate(self.world.agents):
            for begin, end in shifts:
                self._plan(begin * 3600, self._shift(f"a{number:04}", dict(skills)))
                self._plan(end * 3600, self._off(f"a{number:04}"))
        for kind in self.world.kinds:
            self._plan(self.rng.expovariate(kind.peak), self._source(kind))
        while self._heap and self._heap[0][0] <= self.world.hours * 3600:
            at, _, happen = heappop(self._heap)
            happen(at)
        begun = self.world.warm * 3600
        return [told for told in self.told.values() if told.served is not None and told.at >= begun]

    def _plan(self, at: float, happen: Callable[[float], None]) -> None:
        heappush(self._heap, (at, next(self._order), happen))

    def _say(self, event: e.Event, at: float) -> None:
        result = step(self.state, event, round(at * SECOND))
        assert result.refusal is None, result.refusal
        for effect in result.effects:
            if isinstance(effect, Offer):
                self._plan(at + self.world.answers, self._accept(effect))
        wake = self.state.wake()
        if wake is not None and wake not in self._ticks:
            self._ticks.add(wake)
            self._plan(wake / SECOND, self._tick)

    def _tick(self, at: float) -> None:
        self._ticks.discard(round(at * SECOND))
        self._say(e.Tick(), at)

    def _shift(self, agent: str, skills: dict[str, int]) -> Callable[[float], None]:
        return lambda at: self._say(e.Agent(agent, "ready", skills=skills), at)

    def _off(self, agent: str) -> Callable[[float], None]:
        return lambda at: self._say(e.Agent(agent, "away"), at)

    def _source(self, kind: Kind) -> Callable[[float], None]:
        def arrive(at: float) -> None:
            self._plan(at + self.rng.expovariate(kind.peak), arrive)
            if self.rng.random() * kind.peak < kind.rate(at):  # thinning
                self._arrival(kind, at)

        return arrive

    def _arrival(self, kind: Kind, at: float) -> None:
        self.arrived += 1
        name = f"c{self.arrived:07}"
        needs = (dict(kind.needs),)
        wait = estimate(self.state, kind.channel, needs)
        known = self.world.known(self.state, kind.channel, at) if self.world.known else None
        self._handling[name] = kind.handling(self.rng)
        patience = None if kind.patience is None else self.rng.expovariate(1 / kind.patience)
        due = None if kind.due is None else round(kind.due * SECOND)
        self._say(e.Contact(name, kind.channel, needs, due=due), at)
        if self.state.contacts[name].state == "waiting" and wait != Wait(0, NOBODY, NOBODY):
            self.told[name] = Told(kind.channel, at, wait, known)
            self._plan(at + 30, self._ask(name))
        if patience is not None:
            self._plan(at + patience, self._leave(name))

    def _ask(self, name: str) -> Callable[[float], None]:
        """Every half minute, as an announcement would."""

        def ask(at: float) -> None:
            contact = self.state.contacts[name]
            if contact.state == "waiting":
                self.told[name].later.append((at, estimate_of(self.state, contact)))
                self._plan(at + 30, ask)

        return ask

    def _leave(self, name: str) -> Callable[[float], None]:
        def leave(at: float) -> None:
            if self.state.contacts[name].state in ("waiting", "offered"):
                self._say(e.Gone(name), at)

        return leave

    def _accept(self, offer: Offer) -> Callable[[float], None]:
        def accept(at: float) -> None:
            if self.state.offers[offer.offer].state != "open":
                return
            if offer.contact in self.told:
                self.told[offer.contact].served = at
            ends = at + self._handling.pop(offer.contact)
            self._plan(ends, lambda then: self._end(offer, then))
            self._say(e.Answer(offer.offer, offer.contact, offer.agent, "accepted"), at)

        return accept

    def _end(self, offer: Offer, at: float) -> None:
        self._say(e.Ended(offer.contact), at)
        self._say(e.Done(offer.contact, offer.agent), at)
