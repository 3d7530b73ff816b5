"""What a scenario file says: who comes for what, when, how long it takes, and who is there to serve.

Plain data and its meaning; nothing is drawn here. Times are seconds, clock times hours since the opening.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from router.core.policy import CHANNELS

Positive = Annotated[float, Meta(gt=0, le=10**7)]
Share = Annotated[float, Meta(ge=0, le=1)]
Level = Annotated[int, Meta(ge=1, le=10)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
PolicyName = Literal["guichet", "app_queue", "rings", "priority", "fixed_ratio", "cmu"]


class Wrong(Exception):
    """The scenario cannot be simulated; the text says where and why."""


class Spread(Struct, frozen=True, forbid_unknown_fields=True):
    """A duration: its mean and law. `cv`: coefficient of variation of a log-normal (calls: about 1)."""

    mean_s: Positive
    law: Literal["lognormal", "exponential"] = "lognormal"
    cv: Annotated[float, Meta(ge=0, le=5)] = 1.0


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """Contacts alike. `per_hour`: arrivals in each hour of the day, the last one repeated."""

    name: Name
    channel: str
    needs: dict[Name, Level]
    per_hour: Annotated[tuple[Annotated[float, Meta(ge=0, le=10**6)], ...], Meta(min_length=1, max_length=48)]
    handling: Spread
    wrap_up: Spread | None = None
    patience: Spread | None = None  # None: never leaves
    target_s: Positive | None = None
    due_s: Positive | None = None
    vulnerable: Share = 0.0
    topic: str = ""
    language: str = ""


class Team(Struct, frozen=True, forbid_unknown_fields=True):
    """Agents alike. `shifts`: from and to, hours since the opening. `speed` 2 takes half the time."""

    count: Annotated[int, Meta(ge=1, le=20_000)]
    skills: dict[Name, Level]
    shifts: tuple[tuple[float, float], ...] = ()  # none: all day
    capacity: dict[str, Annotated[int, Meta(ge=0, le=100)]] = field(default_factory=dict)
    speed: Annotated[float, Meta(gt=0, le=10)] = 1.0


class Answering(Struct, frozen=True, forbid_unknown_fields=True):
    """How agents answer an offer: how soon, and how often not."""

    after_s: Positive = 3.0
    missed: Share = 0.0
    declined: Share = 0.0


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """One day. `day_factor_cv`: how much whole days differ in load (real days: 0.1 to 0.2)."""

    scenario: str
    hours: Annotated[float, Meta(gt=0, le=48)]
    kinds: Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=200)]
    teams: Annotated[tuple[Team, ...], Meta(min_length=1, max_length=500)]
    answering: Answering = Answering()
    day_factor_cv: Annotated[float, Meta(ge=0, le=2)] = 0.1
    replications: Annotated[int, Meta(ge=1, le=10_000)] = 10
    seed: Annotated[int, Meta(ge=0)] = 1
    policies: tuple[PolicyName, ...] = ("guichet", "app_queue")


def read(path: Path) -> Scenario:
    """The scenario of a YAML file. Raises Wrong, or OSError."""
    try:
        plain = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as fault:
        raise Wrong(f"{path}: {' '.join(str(fault).split())}") from None
    try:
        scenario = msgspec.convert(plain, Scenario, strict=False)
    except msgspec.ValidationError as fault:
        raise Wrong(f"{path}: {fault}") from None
    if (doubt := _doubt(scenario)) is not None:
        raise Wrong(f"{path}: {doubt}")
    return scenario


def _doubt(scenario: Scenario) -> str | None:
    """The first thing that the types cannot say."""
    names = [kind.name for kind in scenario.kinds]
    for kind in scenario.kinds:
        if names.count(kind.name) > 1:
            return f"two kinds are named {kind.name}"
        if kind.channel not in CHANNELS:
            return f"kind {kind.name}: channel {kind.channel} is none of {', '.join(CHANNELS)}"
    for number, team in enumerate(scenario.teams, 1):
        ends = [end for shift in team.shifts for end in shift]
        if any(earlier >= later for earlier, later in pairwise(ends)):
            return f"team {number}: shifts must follow each other: [[8, 12], [13, 17]]"
        for channel in team.capacity:
            if channel not in CHANNELS:
                return f"team {number}: channel {channel} is none of {', '.join(CHANNELS)}"
    if scenario.answering.missed + scenario.answering.declined >= 1:
        return "answering: missed and declined together must be below 1, or nobody is ever served"
    return None
