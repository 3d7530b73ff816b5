"""Targets as matching tells them apart: a ladder of twelve rungs for each power of ten.

Contacts whose targets are on one rung share a line, so that as many targets as there are contacts are still
few lines. Every usual target is a rung itself; any other counts as the nearest, at most 16 % off. What a
citizen was promised, and figures of it, are never rounded.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from router.core.policy import SECOND

STEPS = (10, 12, 15, 18, 20, 24, 30, 36, 45, 60, 72, 90)
RUNGS: tuple[int, ...] = tuple(step * int(10**power) * SECOND // 10 for power in range(9) for step in STEPS)


@lru_cache(maxsize=1_024)
def rung(target: int) -> int:
    """The nearest rung by ratio; of two as near, the lower one."""
    place = bisect_left(RUNGS, target)
    if place in (0, len(RUNGS)):
        return RUNGS[min(place, len(RUNGS) - 1)]
    below, above = RUNGS[place - 1 : place + 1]
    return above if target * target > below * above else below
