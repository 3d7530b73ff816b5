"""One run's figures, read from Asterisk's record of its calls. It knows neither Guichet nor the queue.

A ring is late by the time from when both were there, the caller and a free agent, to the start of the agent's
leg: `next` where the caller was there first and the agent had to become free, `free` where the agent was.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from msgspec import Struct

from bench.phone.sound import Sound
from tests.phone.record import Leg, Verdict, calls


class Figures(Struct, frozen=True):
    """Milliseconds, sorted; rates in calls a second; seconds of CPU."""

    subject: str
    rate: float
    calls: int
    answered: int
    faults: list[str]
    next_ring: list[float]
    free_ring: list[float]
    wait: list[float]
    per_second: float
    ceiling: float
    wall: float
    cpu: dict[str, float]
    drift: str = ""
    sound: Sound | None = None

    @property
    def share(self) -> float:
        """Of the ceiling."""
        return self.per_second / self.ceiling

    @property
    def router_cpu(self) -> float:
        return self.cpu.get("python", 0.0) + self.cpu.get("redis", 0.0)


class Times(Struct, frozen=True):
    """What the record says of one run."""

    answered: int
    next_ring: list[float]
    free_ring: list[float]
    wait: list[float]
    per_second: float


def read(record: Path) -> Times:
    verdicts, legs = calls(record)
    next_ring, free_ring = _rings(verdicts, legs)
    talks = sorted(leg.bridged for leg in legs if leg.bridged)
    first: dict[str, float] = {}
    for leg in legs:
        if leg.bridged:
            first[leg.call] = min(leg.bridged, first.get(leg.call, leg.bridged))
    return Times(
        answered=len(first),
        next_ring=next_ring,
        free_ring=free_ring,
        wait=_ms(at - (verdicts[call].asked or verdicts[call].start) for call, at in first.items()),
        per_second=(len(talks) - 1) / (talks[-1] - talks[0]) if len(talks) > 1 else 0.0,
    )


def at(values: list[float], share: float) -> float:
    """The quantile of sorted values, by nearest rank; nan of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def _rings(verdicts: dict[str, Verdict], legs: list[Leg]) -> tuple[list[float], list[float]]:
    next_ring, free_ring = [], []
    ordered = sorted(legs, key=lambda leg: (leg.agent, leg.rung))
    for _, each in groupby(ordered, key=lambda leg: leg.agent):
        freed = 0.0
        for leg in each:
            asked = verdicts[leg.call].asked
            if asked is not None and freed is not None:
                (next_ring if freed > asked else free_ring).append(leg.rung - max(freed, asked))
            freed = leg.ended
    return _ms(next_ring), _ms(free_ring)


def _ms(seconds) -> list[float]:
    return sorted(1000 * value for value in seconds)
