"""Erlang's two formulas, and what follows from the second: callers who are turned away, callers who wait.

Both suppose Poisson arrivals, exponential handling times and agents alike. `load` is in erlangs: arrivals per
unit of time, times the mean handling time. Times are in one unit, whichever the caller takes.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges" (1917); the usual recursion, e.g. L. Kleinrock, Queueing Systems I (1975), 3.5 and 3.6.
"""

from __future__ import annotations

import math

from metrics.formulas.given import SERVERS_MOST, not_negative, positive, whole


def erlang_b(servers: int, load: float) -> float:
    """The share of callers turned away when nobody may wait (M/M/n/n).

    B(0) = 1, B(k) = a·B(k-1) / (k + a·B(k-1)): terms are positive and at most 1, so nothing overflows
    and no error grows; a probability below 10^-308 is 0.
    """
    whole("servers", servers, 0, SERVERS_MOST)
    not_negative("load", load)
    lost = 1.0
    for busy in range(1, servers + 1):
        lost = load * lost / (busy + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """The share of callers who must wait when all wait as long as it takes (M/M/n).

    C = n·B / (n - a·(1 - B)). At a load of n or more the line grows without end: everybody waits, 1.
    """
    whole("servers", servers, 1, SERVERS_MOST)
    lost = erlang_b(servers, load)
    if load >= servers:
        return 1.0
    return servers * lost / (servers - load * (1 - lost))


def mean_wait(servers: int, load: float, handling: float) -> float:
    """Mean wait of all callers, those answered at once included: C·h / (n - a); infinite from a load of n."""
    positive("handling", handling)
    waits = erlang_c(servers, load)
    return math.inf if load >= servers else waits * handling / (servers - load)


def service_level(servers: int, load: float, handling: float, within: float) -> float:
    """The share answered within a time: 1 - C·exp(-(n - a)·t / h); 0 at a load of n or more."""
    positive("handling", handling)
    not_negative("within", within)
    waits = erlang_c(servers, load)
    return 0.0 if load >= servers else 1 - waits * math.exp(-(servers - load) * within / handling)


def agents_for(load: float, handling: float, within: float, share: float) -> int:
    """The fewest agents who answer that share within that time. ValueError if the most we compute do not.

    One pass of the recursion of B, whatever the answer is.
    """
    positive("handling", handling)
    not_negative("within", within)
    not_negative("load", load)
    if not 0 <= share < 1:
        raise ValueError(f"share must be from 0 to below 1, not {share!r}")
    lost = 1.0
    for agents in range(1, SERVERS_MOST + 1):
        lost = load * lost / (agents + load * lost)
        if agents <= load:
            continue
        waits = agents * lost / (agents - load * (1 - lost))
        if 1 - waits * math.exp(-(agents - load) * within / handling) >= share:
            return agents
    raise ValueError(f"load {load:g} needs more than {SERVERS_MOST:,} agents")
