"""The 10 % and 90 % points of a channel's waits, moved by each wait until a tenth falls outside on either
side.

A wait is a sum of times between departures: its law is near a gamma law of the sum's mean and shape, whose
points Wilson and Hilferty (1931) give from those of a normal law. Where the centre is not like that (other
handling times, other lines served meanwhile), the points themselves are learnt: after each wait the point
moves up by its chance of being passed or down by the rest, a quantile followed by steps (Robbins & Monro
1951; as adaptive conformal inference, Gibbs & Candès 2021), so that in the long run the share outside is a
tenth whatever the law. Apart for short and long lines. Pure; integers.
"""

from __future__ import annotations

from bisect import bisect_left
from math import isqrt

MICRO = 1_000_000
CUBED = MICRO**3
NORMAL = (-12_816, 12_816)  # ten-thousandths: the 10 % and 90 % points of a normal law
CHANCES = (100, 900)  # thousandths of waits that should fall below each
STEPS = (50, 30, 15, 6)  # thousandths: long lines turn out late and alike, so they step less
BOUND = 80_000  # a point goes no further than this, ten-thousandths
SHAPES = (1_500, 4_500, 15_500)  # thousandths: where lines of 1, of 2 to 4, of 5 to 15 and longer ones part


def rows(points: list[int]) -> list[int]:
    """The points of all sizes of line, low and high by turns; the normal ones until they were moved."""
    return points or [*NORMAL] * (len(SHAPES) + 1)


def place(shape: int, which: int) -> int:
    """Where in the rows the low (0) or high (1) point for such a shape is."""
    return 2 * bisect_left(SHAPES, shape) + which


def point(points: list[int], size: int, shape: int, mean: int, which: int) -> int:
    """The low (0) or high (1) point of a wait with this mean and shape."""
    return cube(mean, shape, rows(points)[place(size, which)])


def cube(mean: int, shape: int, normal: int) -> int:
    """Wilson and Hilferty: mean * (1 - 1/(9 shape) + normal / (3 sqrt(shape)))³, at least 0."""
    root = MICRO - MICRO * 1_000 // (9 * shape) + normal * MICRO // (30 * isqrt(1_000 * shape))
    return mean * root**3 // CUBED if root > 0 else 0


def moved(points: list[int], size: int, shape: int, mean: int, wait: int) -> list[int]:
    """The points after one more wait turned out."""
    after = list(rows(points))
    low = place(size, 0)
    for here, chance in zip((low, low + 1), CHANCES, strict=True):
        above = wait > cube(mean, shape, after[here])
        reach = STEPS[here // 2]
        step = reach * chance // 100 if above else -reach * (1_000 - chance) // 100
        after[here] = min(max(after[here] + step, -BOUND), BOUND)
    return after
