"""Lines that do not grow for ever: callers give up (Erlang A), or find every place taken (M/M/n/K).

Both are one birth-and-death chain. States up to "all agents busy" weigh 1/B together, relative to the last of
them (`erlang_b`); each caller more in line multiplies the weight by arrivals over departures in that state.

Sources: C. Palm, "Etude des delais d'attente" (1937); O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call
center with impatient customers" (M&SOM 4, 2002); L. Kleinrock, Queueing Systems I (1975), 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from typing import NamedTuple

from metrics.formulas.erlang import erlang_b
from metrics.formulas.given import SERVERS_MOST, positive, whole

PLACES_MOST = 1_000_000  # states of a line: half a second of arithmetic
NEGLIGIBLE = 1e-18  # of what was summed up: beyond the precision of a float
HUGE = 1e200  # weights are scaled down from here, so that no sum overflows


class Line(NamedTuple):
    """Shares of all who call; the wait is of all who enter: answered at once or later, or giving up."""

    waits: float  # find every agent busy, and are not turned away
    wait: float  # mean, in the unit of `handling`
    abandons: float  # give up in line
    blocked: float  # turned away: no place left
    length: float  # mean number of callers in line


def erlang_a(servers: int, load: float, handling: float, patience: float) -> Line:
    """M/M/n+M: each caller in line gives up after an exponential time of mean `patience`.

    With j in line they leave at rate n/h + j/patience. Abandonment by Little's law: θ·L/λ. Any load is
    stable; a line of more than half a million callers on average is a ValueError.
    """
    whole("servers", servers, 1, SERVERS_MOST)
    for name, value in (("load", load), ("handling", handling), ("patience", patience)):
        positive(name, value)
    impatience = handling / patience  # how many give up in a handling time, per caller in line
    if (load - servers) / impatience > PLACES_MOST / 2:
        raise ValueError(
            "load is so far above servers, and patience so long, that the line is no line any more"
        )
    ratios = (load / (servers + j * impatience) for j in count(1))
    waits, length, _ = _chain(servers, load, ratios)
    return Line(waits, length * handling / load, min(1.0, impatience * length / load), 0.0, length)


def limited(servers: int, places: int, load: float, handling: float) -> Line:
    """M/M/n/K: `places` is K, callers with an agent and callers in line together; one more is turned away."""
    whole("servers", servers, 1, SERVERS_MOST)
    whole("places", places, servers, PLACES_MOST)
    positive("load", load)
    positive("handling", handling)
    busy, length, blocked = _chain(servers, load, (load / servers for _ in range(places - servers)))
    entering = load * (1 - blocked)
    wait = length * handling / entering if entering else 0.0
    return Line(busy - blocked, wait, 0.0, blocked, length)


def _chain(servers: int, load: float, ratios: Iterator[float]) -> tuple[float, float, float]:
    """The share of time all agents are busy, the mean number in line, the share of time in the last state.

    Callers see these shares too: Poisson arrivals see time averages.
    """
    lost = erlang_b(servers, load)
    base = weight = 1.0  # of "all busy, nobody in line", and of the state looked at
    longer = length = 0.0  # sums over the states with somebody in line: of weights, of callers
    for j, ratio in enumerate(islice(ratios, PLACES_MOST), 1):
        weight *= ratio
        longer += weight
        length += j * weight
        if weight > HUGE:
            base, weight, longer, length = base / HUGE, weight / HUGE, longer / HUGE, length / HUGE
        if ratio < 1 and j * weight <= NEGLIGIBLE * (1 - ratio) * (base + length):
            break
    total = base + lost * longer  # times 1/B: the same for numerator and denominator
    return lost * (base + longer) / total, lost * length / total, lost * weight / total
