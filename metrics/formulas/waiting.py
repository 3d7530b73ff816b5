"""How long callers wait who give up (Erlang A), or may find every place taken (M/M/n/K): whole distributions.

Shares are of all who call. `in_time`: answered within a time, at once or later. `longer`: wait longer than
that, be they answered then or not.

Erlang A. Whoever finds all busy is offered a wait of density v(x) ∝ exp(λ(1 - e^-θx)/θ - nμx), and takes it
unless patience (rate θ) ends first: F. Baccelli, G. Hebuterne, "On queues with impatient customers" (1981);
S. Zeltyn, A. Mandelbaum, "Call centers with impatient customers" (2005). Its scale comes from `erlang_a`, so
that only shapes are integrated: exponents are taken from their peak, and nothing over- or underflows.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from metrics.formulas.given import SERVERS_MOST, not_negative
from metrics.formulas.line import erlang_a, limited

PANELS = 4_000  # of Simpson's rule over what matters of a shape: relative error below 10^-9
MATTERS = 45.0  # exponents this far below the peak weigh less than 10^-19


def in_time(servers: int, load: float, handling: float, patience: float, within: float) -> float:
    """Erlang A: the share answered within a time."""
    line = erlang_a(servers, load, handling, patience)
    not_negative("within", within)
    shape = _Shape(load / handling, 1 / patience, servers / handling + 1 / patience)
    return min(1.0, 1 - line.waits + (line.waits - line.abandons) * shape.share_below(within))


def longer(servers: int, load: float, handling: float, patience: float, than: float) -> float:
    """Erlang A: the share that waits longer, until answered or until giving up."""
    line = erlang_a(servers, load, handling, patience)
    not_negative("than", than)
    shape = _Shape(load / handling, 1 / patience, servers / handling)
    return line.waits * math.exp(-than / patience) * shape.share_above(than)


def agents_for(load: float, handling: float, patience: float, within: float, share: float) -> int:
    """Erlang A: the fewest agents who answer that share within that time. ValueError: none we compute do."""
    if not 0 <= share < 1:
        raise ValueError(f"share must be from 0 to below 1, not {share!r}")
    if in_time(SERVERS_MOST, load, handling, patience, within) < share:
        raise ValueError(f"load {load:g} needs more than {SERVERS_MOST:,} agents")
    fewer, enough = 0, SERVERS_MOST
    while enough - fewer > 1:
        middle = (fewer + enough) // 2
        if in_time(middle, load, handling, patience, within) >= share:
            enough = middle
        else:
            fewer = middle
    return enough


def limited_in_time(servers: int, places: int, load: float, handling: float, within: float) -> float:
    """M/M/n/K: the share answered within a time; who is turned away is not."""
    line = limited(servers, places, load, handling)
    return max(0.0, 1 - line.blocked - limited_longer(servers, places, load, handling, within))


def limited_longer(servers: int, places: int, load: float, handling: float, than: float) -> float:
    """M/M/n/K: the share that waits longer, as a share of all who call.

    With j in line before them they wait longer if at most j are answered in that time, a Poisson count.
    """
    line = limited(servers, places, load, handling)
    not_negative("than", than)
    mean, ratio = than * servers / handling, load / servers
    spaces = places - servers
    if not spaces or not line.waits:
        return 0.0
    top = (spaces - 1) * math.log(ratio) if ratio > 1 else 0.0  # of the weights' exponents
    weights = late = at_most = 0.0
    for j in range(spaces):
        at_most = min(1.0, at_most + _poisson(mean, j))
        weight = math.exp(j * math.log(ratio) - top)
        weights += weight
        late += weight * at_most
        if ratio < 1 and weight <= 1e-18 * (1 - ratio) * weights:
            break
    return line.waits * late / weights


def _poisson(mean: float, count: int) -> float:
    """Its probability; of a mean of 0, all at 0."""
    if not mean:
        return float(count == 0)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


class _Shape:
    """exp(arrivals·(1 - e^-θx)/θ - rate·x) for x from 0: concave in its exponent, so it has one peak."""

    def __init__(self, arrivals: float, leaving: float, rate: float) -> None:
        self._arrivals, self._leaving, self._rate = arrivals, leaving, rate
        self._peak = max(0.0, math.log(arrivals / rate) / leaving)
        self._top = self._exponent(self._peak)
        self._low = self._edge(self._peak, 0.0) if self._faint(0.0) else 0.0
        far = max(self._peak, 1 / rate)
        while not self._faint(far):
            far *= 2
        self._high = self._edge(self._peak, far)
        self._whole = self._area(self._low, self._high)

    def share_below(self, x: float) -> float:
        """Of its whole area."""
        return self._area(self._low, min(x, self._high)) / self._whole if x > self._low else 0.0

    def share_above(self, x: float) -> float:
        """The rest, computed by itself: a small rest keeps its digits."""
        return self._area(max(x, self._low), self._high) / self._whole if x < self._high else 0.0

    def _exponent(self, x: float) -> float:
        return -self._arrivals * math.expm1(-self._leaving * x) / self._leaving - self._rate * x

    def _faint(self, x: float) -> bool:
        return self._exponent(x) < self._top - MATTERS

    def _edge(self, inside: float, outside: float) -> float:
        """Where it ceases to matter between the two."""
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if self._faint(middle) else (middle, outside)
        return outside

    def _area(self, low: float, high: float) -> float:
        """Simpson's rule, on either side of the peak for itself."""
        cuts = [low, self._peak, high] if low < self._peak < high else [low, high]
        return sum(self._simpson(one, two) for one, two in pairwise(cuts))

    def _simpson(self, low: float, high: float) -> float:
        step = (high - low) / PANELS
        x = np.linspace(low, high, PANELS + 1)
        exponents = -self._arrivals * np.expm1(-self._leaving * x) / self._leaving - self._rate * x
        heights = np.exp(exponents - self._top)
        inner = 4 * heights[1:-1:2].sum() + 2 * heights[2:-1:2].sum()
        return float(step / 3 * (heights[0] + inner + heights[-1]))
