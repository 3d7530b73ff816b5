"""One run in figures, group by group. The denominator is everybody who came: nobody is left out.

Waits count from first arrival. Whoever left waited until then, whoever still waits when the window ends until
its end. Every run is judged by what was promised on the day, whatever another policy would have promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from router.core.policy import SECOND
from router.whatif.day import Day, Visit
from router.whatif.draws import over

SERVED, LEFT, WAITING = 1, 2, 0
Whole = np.ndarray[tuple[int], np.dtype[np.int64]]


class Run(NamedTuple):
    """What became of each counted visit, in order: microseconds waited, and how that ended."""

    waits: Whole
    ends: Whole


class Figures(Struct, frozen=True):
    """Shares 0 to 1, waits in seconds."""

    in_time: float  # answered within what was promised, of all who came
    left: float
    mean_wait_s: float
    median_wait_s: float
    p95_wait_s: float


def run_of(day: Day, answered: Iterable[int | None], left: Iterable[int | None]) -> Run:
    """From instants."""
    waits, ends = [], []
    for visit, served, gone in zip(day.visits, answered, left, strict=True):
        if visit.counted:
            until, how = (served, SERVED) if served is not None else (gone, LEFT)
            waits.append((day.end if until is None else until) - visit.at + visit.event.waited)
            ends.append(WAITING if until is None else how)
    return Run(np.array(waits, np.int64), np.array(ends, np.int64))


def recorded_run(day: Day) -> Run:
    """What really happened."""
    first = [visit.legs[0] for visit in day.visits]
    ends = [over(visit, leg) for visit, leg in zip(day.visits, first, strict=True)]
    answered = [leg.answered for leg in first]
    return run_of(day, answered, [None if a is not None else e for a, e in zip(answered, ends, strict=True)])


def groups(day: Day) -> dict[str, Whole]:
    """The places of each group's visits: everybody, each channel, topic and language, the vulnerable."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, visit in enumerate(visit for visit in day.visits if visit.counted):
        for name in names(visit):
            places[name].append(place)
    order = ("all", "channel", "topic", "language", "vulnerable")
    told = sorted(places.items(), key=lambda item: (order.index(item[0].split()[0]), item[0]))
    return {name: np.array(each, np.int64) for name, each in told}


def names(visit: Visit) -> list[str]:
    """The groups it belongs to."""
    event = visit.event
    found = ["all", f"channel {event.channel}"]
    found += [f"topic {event.topic}"] * bool(event.topic) + [f"language {event.language}"] * bool(
        event.language
    )
    return found + ["vulnerable"] * event.vulnerable


def targets(day: Day) -> Whole:
    """What each counted visit was promised, microseconds."""
    return np.array([visit.target for visit in day.visits if visit.counted], np.int64)


def figures(run: Run, places: Whole, promised: Whole) -> Figures:
    """Of these visits. Zeros where there is none."""
    if not len(places):
        return Figures(0.0, 0.0, 0.0, 0.0, 0.0)
    waits, ends = run.waits[places], run.ends[places]
    rising = np.sort(waits)
    many = len(rising)
    return Figures(
        in_time=float(np.mean((ends == SERVED) & (waits <= promised[places]))),
        left=float(np.mean(ends == LEFT)),
        mean_wait_s=float(np.mean(waits)) / SECOND,
        median_wait_s=float(rising[many // 2]) / SECOND,
        p95_wait_s=float(rising[min(many - 1, int(0.95 * many))]) / SECOND,
    )
