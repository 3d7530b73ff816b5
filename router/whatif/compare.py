"""Both policies on the same day, again and again: how faithful the model is, who would wait more, who less.

The model of the day is first run under the policy that really ruled. What differs there from what happened is
the model's fault; what differs between the two models is the other policy's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from msgspec import Struct, structs

from router.core.policy import SECOND
from router.simulate.compare import Interval, interval
from router.simulate.cores import in_order
from router.whatif.day import Day
from router.whatif.draws import Learnt, draw
from router.whatif.figures import SERVED, Figures, Run, Whole, figures, groups, recorded_run, run_of, targets
from router.whatif.play import Player

SAME = 1 * SECOND  # waits that differ by no more are the same
FEW = 30  # visits of a channel below which it is no judge of the model


class Pair(NamedTuple):
    """One replication: the day under the policy that ruled, and under the other one, if any."""

    base: Run
    other: Run | None


class Moved(Struct, frozen=True):
    """How many would wait more, or less; whoever is served only here waits less."""

    less: Interval
    more: Interval


class Group(Struct, frozen=True):
    """One group: what happened, what the model says of it, what the other policy would have done."""

    contacts: int
    recorded: Figures
    base: dict[str, Interval]
    other: dict[str, Interval]
    change: dict[str, Interval]  # other less base, replication by replication
    moved: Moved | None


class Told(Struct, frozen=True):
    """The answer. `alike`: the share of visits of which the model says what happened, within a second."""

    start: int
    end: int
    replications: int
    seed: int
    alike: float
    doubts: list[str]  # where the model does not repeat the day: none, it can be believed
    left_out: dict[str, int]
    groups: dict[str, Group]


_days: tuple[Day, Day | None] | None = None  # kept by each worker: sent once, not with each replication


def _keep(day: Day, other: Day | None) -> None:
    global _days
    _days = (day, other)


def _work(seed: int, replication: int) -> Pair:
    assert _days is not None  # `_keep` ran first
    return pair(*_days, seed, replication)


def pair(day: Day, other: Day | None, seed: int, replication: int) -> Pair:
    """One replication of both. What nobody saw is learnt from the day as it was, whatever the rota."""
    plans = draw(day, Learnt(day), seed, replication)
    runs = []
    for each in (day, other):
        if each is not None:
            player = Player(each, plans)
            player.live()
            outcomes = player.outcomes
            runs.append(run_of(day, [o.answered for o in outcomes], [o.left for o in outcomes]))
    return Pair(runs[0], runs[1] if len(runs) > 1 else None)


def pairs(
    day: Day, other: Day | None, seed: int, replications: int, cores: int, done: Callable[[], None]
) -> Iterator[Pair]:
    """Every replication in order, whatever the cores; `done` after each."""
    plan = [(seed, number) for number in range(replications)]
    return in_order(_work, plan, cores, done, (_keep, (day, other)))


def told(day: Day, lived: list[Pair], seed: int) -> Told:
    """What it amounts to."""
    truth, promised = recorded_run(day), targets(day)
    found = {name: _group(truth, lived, places, promised) for name, places in groups(day).items()}
    alike = [_alike(truth, each.base) for each in lived]
    return Told(
        day.counted, day.end, len(lived), seed, sum(alike) / len(alike), _doubts(found), day.left_out, found
    )


def _group(truth: Run, lived: list[Pair], places: Whole, promised: Whole) -> Group:
    base = [figures(each.base, places, promised) for each in lived]
    other = [figures(each.other, places, promised) for each in lived if each.other is not None]
    names = Figures.__struct_fields__
    return Group(
        contacts=len(places),
        recorded=figures(truth, places, promised),
        base={name: interval([getattr(each, name) for each in base]) for name in names},
        other={name: interval([getattr(each, name) for each in other]) for name in names if other},
        change={
            name: interval([getattr(o, name) - getattr(b, name) for b, o in zip(base, other, strict=True)])
            for name in names
            if other
        },
        moved=_moved(lived, places) if other else None,
    )


def _moved(lived: list[Pair], places: Whole) -> Moved:
    less, more = [], []
    for base, other in lived:
        assert other is not None  # asked for where there is one
        less.append(float(np.sum(_sooner(base, other, places))))
        more.append(float(np.sum(_sooner(other, base, places))))
    return Moved(interval(less), interval(more))


def _sooner(base: Run, other: Run, places: Whole) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Who is served earlier in the other run, or only there."""
    was, now = base.ends[places] == SERVED, other.ends[places] == SERVED
    sooner: np.ndarray[tuple[int], np.dtype[np.bool_]] = other.waits[places] < base.waits[places] - SAME
    sooner = now & (~was | sooner)
    return sooner


def _alike(truth: Run, base: Run) -> float:
    """The share of whom the model says what happened."""
    if not len(truth.waits):
        return 1.0
    near = np.abs(truth.waits - base.waits) <= SAME
    return float(np.mean((truth.ends == base.ends) & near))


def _doubts(found: dict[str, Group]) -> list[str]:
    """Where the model is further from what happened than its use allows."""
    doubts = []
    for name, group in found.items():
        if name != "all" and not (name.startswith("channel") and group.contacts >= FEW):
            continue
        happened = structs.asdict(group.recorded)
        for figure, allowed in (
            ("in_time", 0.02),
            ("left", 0.02),
            ("median_wait_s", 2.0),
            ("p95_wait_s", 5.0),
        ):
            was, says = happened[figure], group.base[figure].mean
            if figure.endswith("_s"):
                allowed = max(allowed, 0.1 * was)
            if abs(says - was) > allowed:
                words = figure.removesuffix("_s").replace("_", " ")
                told = tuple(
                    f"{x:.1f} s" if figure.endswith("_s") else f"{100 * x:.1f} %" for x in (was, says)
                )
                doubts.append(f"{name}: {words} was {told[0]}, the model says {told[1]}")
    return doubts
