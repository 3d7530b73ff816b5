"""Attained over promised: which share of contacts was served within its wanted wait, over the share promised.

Pure figures; a promise is "so many per cent within the target". A class that nobody came for attains nothing
and owes nothing: it has no figure. The spread is the point: with equal promise all classes get the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

PROMISED = 0.8  # of the contacts of a class, within their target; the customary 80 %
ENOUGH = 10  # contacts below which a class says nothing about the spread, nor whether it is short


class Kept(NamedTuple):
    """Contacts of a class whose promise was decided, and how many were served in time."""

    decided: int
    kept: int

    @property
    def attained(self) -> float | None:
        """The share served in time."""
        return self.kept / self.decided if self.decided else None

    @property
    def over_promised(self) -> float | None:
        """1: what was promised; below it the class is short."""
        return self.kept / self.decided / PROMISED if self.decided else None


def spread(classes: Mapping[str, Kept]) -> float | None:
    """The best class's figure less the worst's; None where no two have enough contacts."""
    ratios = [each.over_promised or 0.0 for each in classes.values() if each.decided >= ENOUGH]
    return max(ratios) - min(ratios) if len(ratios) > 1 else None


def short(classes: Mapping[str, Kept]) -> list[str]:
    """Classes that get less than was promised, the shortest first."""
    ratios = {name: each.over_promised or 0.0 for name, each in classes.items() if each.decided >= ENOUGH}
    return sorted(
        (name for name, ratio in ratios.items() if ratio < 1), key=lambda name: (ratios[name], name)
    )


class Window:
    """What was decided lately, by name: counts in slices of time, the oldest forgotten. Seconds."""

    def __init__(self, lasts: float = 3600.0, slices: int = 12) -> None:
        self.lasts = lasts
        self._slice = lasts / slices
        self._slices: deque[tuple[int, dict[str, Kept]]] = deque(maxlen=slices)

    def decided(self, names: tuple[str, ...], kept: bool, at: float) -> None:
        """One contact, under each of its names; instants never decrease by more than a slice."""
        number = int(at // self._slice)
        if not self._slices or self._slices[-1][0] < number:
            self._slices.append((number, {}))
        counts = self._slices[-1][1]
        for name in names:
            before = counts.get(name, Kept(0, 0))
            counts[name] = Kept(before.decided + 1, before.kept + kept)

    def counts(self, at: float) -> dict[str, Kept]:
        """Sums over the slices that are not too old."""
        oldest = int((at - self.lasts) // self._slice)
        sums: dict[str, Kept] = {}
        for number, counts in self._slices:
            if number > oldest:
                for name, each in counts.items():
                    before = sums.get(name, Kept(0, 0))
                    sums[name] = Kept(before.decided + each.decided, before.kept + each.kept)
        return sums
