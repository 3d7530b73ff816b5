"""One day of citizens, drawn before anything is routed: every policy meets the same people.

Common random numbers: what a citizen brings (arrival, handling, patience, how often agents fail them) depends
on the seed, the replication and the kind alone, never on what a policy does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from router.core.policy import SECOND

if TYPE_CHECKING:
    from router.simulate.scenario import Kind, Scenario, Spread

HOUR = 3600 * SECOND
Durations = np.ndarray[tuple[int], np.dtype[np.int64]]
TRIES = 8  # drawn answers per contact; a longer row of refusals starts over


class Citizen(NamedTuple):
    """Who comes. Durations in microseconds, for an agent of speed 1."""

    name: str
    kind: Kind
    arrives: int
    handling: int
    wrap_up: int
    patience: int | None
    vulnerable: bool
    answers: tuple[float, ...]  # uniform: below `missed` nobody picks up, and so on


def draw(scenario: Scenario, replication: int) -> list[Citizen]:
    """Everybody who comes on this day, in order of arrival."""
    days = np.random.default_rng([scenario.seed, replication])
    factor = _gamma(days, scenario.day_factor_cv)
    citizens: list[Citizen] = []
    for number, kind in enumerate(scenario.kinds):
        seed = [scenario.seed, replication, number]
        rng = np.random.default_rng(seed)
        usual = _usual(rng, kind, scenario.hours, factor)
        citizens += _people(rng, kind, usual, 0)
        if scenario.peaks:  # luck of their own: the usual citizens stay who they are
            rng = np.random.default_rng([*seed, 1])
            citizens += _people(rng, kind, _rush(rng, kind, scenario, factor), len(usual))
    citizens.sort(key=lambda citizen: (citizen.arrives, citizen.name))
    return citizens


def _usual(rng: np.random.Generator, kind: Kind, hours: float, factor: float) -> list[int]:
    """Poisson in each hour, at the hour's rate times the day's factor."""
    arrivals: list[int] = []
    for hour in range(int(np.ceil(hours))):
        arrivals += _poisson(rng, _rate(kind, hour) * factor, hour, min(hour + 1, hours))
    return sorted(arrivals)


def _rush(rng: np.random.Generator, kind: Kind, scenario: Scenario, factor: float) -> list[int]:
    """Who comes more because of peaks."""
    arrivals: list[int] = []
    for peak in scenario.peaks:
        ends = min(peak.at + peak.lasts, scenario.hours)
        if peak.kinds and kind.name not in peak.kinds:
            continue
        for hour in range(int(peak.at), int(np.ceil(ends))):
            more = _rate(kind, hour) * factor * (peak.times - 1)
            arrivals += _poisson(rng, more, max(peak.at, hour), min(ends, hour + 1))
    return sorted(arrivals)


def _poisson(rng: np.random.Generator, rate: float, begins: float, ends: float) -> list[int]:
    """Arrivals between two hours of the clock."""
    part = ends - begins
    return [round((begins + part * each) * HOUR) for each in rng.random(int(rng.poisson(rate * part)))]


def _rate(kind: Kind, hour: int) -> float:
    """Arrivals per hour, the last figure repeated."""
    return kind.per_hour[min(hour, len(kind.per_hour) - 1)]


def _people(rng: np.random.Generator, kind: Kind, arrivals: list[int], first: int) -> list[Citizen]:
    """What each of them brings; they are numbered from `first`."""
    many = len(arrivals)
    handling, wrap_up = _durations(rng, kind.handling, many), _durations(rng, kind.wrap_up, many)
    patience = _durations(rng, kind.patience, many)
    fragile, answers = rng.random(many) < kind.vulnerable, rng.random((many, TRIES))
    return [
        Citizen(
            f"{kind.name}-{first + number:05}", kind, arrives, int(handling[number]), int(wrap_up[number]),
            int(patience[number]) if kind.patience else None, bool(fragile[number]), tuple(answers[number]),
        )
        for number, arrives in enumerate(arrivals)
    ]  # fmt: skip


def _durations(rng: np.random.Generator, spread: Spread | None, many: int) -> Durations:
    """By this law, at least one microsecond; zeros for None."""
    normal, plain = rng.standard_normal(many), rng.random(many)  # both always: what follows must not depend
    if spread is None:
        return np.zeros(many, np.int64)
    if spread.law == "exponential":
        drawn = -spread.mean_s * np.log1p(-plain)
    else:
        variance = np.log1p(spread.cv**2)
        drawn = spread.mean_s * np.exp(np.sqrt(variance) * normal - variance / 2)
    whole: Durations = np.maximum(1, np.rint(drawn * SECOND)).astype(np.int64)
    return whole


def _gamma(rng: np.random.Generator, cv: float) -> float:
    """Mean 1."""
    return float(rng.gamma(1 / cv**2, cv**2)) if cv else 1.0
