"""What a scenario file says: who comes for what, when, how long it takes, and who is there to serve.

Plain data and its meaning; nothing is drawn here. Times are seconds, clock times hours since the opening.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.fault import Fault, Faults, nearest
from config.typed import Typed, read_as
from config.types import ChannelName, about
from skills.eligibility import meets

Positive = Annotated[float, Meta(gt=0, le=10**7)]
Share = Annotated[float, Meta(ge=0, le=1)]
Level = Annotated[int, Meta(ge=1, le=10)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Hour = Annotated[float, Meta(ge=0, le=48)]
Shift = Annotated[tuple[Hour, ...], Meta(min_length=2, max_length=2)]
MOST = 2_000_000  # contacts a day: a quarter of an hour of one core, and a few gigabytes
PolicyName = Literal["guichet", "app_queue", "rings", "priority", "fixed_ratio", "cmu"]


class Wrong(Exception):
    """The scenario cannot be simulated; the text says where and why."""


class Spread(Struct, frozen=True, forbid_unknown_fields=True):
    """A duration: its mean and its law."""

    mean_s: Annotated[Positive, about("The mean.")]
    law: Annotated[
        Literal["lognormal", "exponential"], about("Log-normal; exponential for comparison with formulas.")
    ] = "lognormal"
    cv: Annotated[
        Annotated[float, Meta(ge=0, le=5)],
        about("Coefficient of variation of a log-normal: 0 is constant, calls have about 1."),
    ] = 1.0


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """Contacts alike."""

    name: Annotated[Name, about("Names the kind; no two share one.")]
    channel: Annotated[ChannelName, about("How they come.")]
    needs: Annotated[dict[Name, Level], about("Skills with the least level that serves.")]
    per_hour: Annotated[
        Annotated[tuple[Annotated[float, Meta(ge=0, le=10**6)], ...], Meta(min_length=1, max_length=48)],
        about("Mean arrivals in each hour since the opening; the last figure holds for all later hours."),
    ]
    handling: Annotated[Spread, about("Conversation, for an agent of speed 1.")]
    wrap_up: Annotated[Spread | None, about("Work after it; none: free at once.")] = None
    patience: Annotated[Spread | None, about("Until they give up waiting; none: they never do.")] = None
    target_s: Annotated[Positive | None, about("Wanted wait, where it is not the channel's.")] = None
    due_s: Annotated[Positive | None, about("Work that may be deferred: latest start, then it is late.")] = (
        None
    )
    vulnerable: Annotated[Share, about("Share of them who are vulnerable.")] = 0.0
    topic: Annotated[str, about("Groups figures.")] = ""
    language: Annotated[str, about("Groups figures.")] = ""


class Team(Struct, frozen=True, forbid_unknown_fields=True):
    """Agents alike."""

    count: Annotated[Annotated[int, Meta(ge=1, le=20_000)], about("How many.")]
    skills: Annotated[dict[Name, Level], about("What each can do, 1 to 10.")]
    shifts: Annotated[
        Annotated[tuple[Shift, ...], Meta(max_length=48)],
        about("From and to, hours since the opening, as `[[0, 4], [5, 8]]`; none: all day."),
    ] = ()
    capacity: Annotated[
        dict[ChannelName, Annotated[int, Meta(ge=0, le=100)]],
        about("Contacts in hand per channel, where not the channel's; 0 closes one."),
    ] = field(default_factory=dict)
    speed: Annotated[
        Annotated[float, Meta(gt=0, le=10)], about("2 takes half the time; policies are not told.")
    ] = 1.0


class Answering(Struct, frozen=True, forbid_unknown_fields=True):
    """How agents answer an offer."""

    after_s: Annotated[Positive, about("How soon.")] = 3.0
    missed: Annotated[Share, about("Share they let ring until it expires.")] = 0.0
    declined: Annotated[Share, about("Share they decline.")] = 0.0
    back_s: Annotated[
        Positive, about("How soon they are ready again once a policy set them away for missed offers.")
    ] = 60.0


class Peak(Struct, frozen=True, forbid_unknown_fields=True):
    """A rush: a letter that reached every household, a site that is down."""

    at: Annotated[Hour, about("When it begins, hours since the opening.")]
    lasts: Annotated[Annotated[float, Meta(gt=0, le=48)], about("How many hours.")]
    times: Annotated[
        Annotated[float, Meta(ge=1, le=100)], about("Arrivals are so many times the usual ones.")
    ]
    kinds: Annotated[
        Annotated[tuple[Name, ...], Meta(max_length=200)], about("Names of the kinds it concerns; none: all.")
    ] = ()


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """One day of a centre, to be repeated on other days with other citizens."""

    scenario: Annotated[str, about("Its title.")]
    hours: Annotated[Annotated[float, Meta(gt=0, le=48)], about("How long the centre is open.")]
    kinds: Annotated[Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=200)], about("Who comes.")]
    teams: Annotated[Annotated[tuple[Team, ...], Meta(min_length=1, max_length=500)], about("Who is there.")]
    answering: Annotated[Answering, about("How agents answer.")] = Answering()
    day_factor_cv: Annotated[
        Annotated[float, Meta(ge=0, le=2)],
        about("How much whole days differ in load: real ones 0.1 to 0.2; 0: every day is Poisson alone."),
    ] = 0.1
    replications: Annotated[Annotated[int, Meta(ge=1, le=10_000)], about("How many days.")] = 10
    seed: Annotated[Annotated[int, Meta(ge=0, le=2**62)], about("Other citizens with another seed.")] = 1
    policies: Annotated[
        Annotated[tuple[PolicyName, ...], Meta(min_length=1, max_length=6)], about("What is compared.")
    ] = ("guichet", "app_queue")
    peaks: Annotated[Annotated[tuple[Peak, ...], Meta(max_length=100)], about("Rushes.")] = ()


def read(path: Path) -> Scenario:
    """The scenario of a YAML file. Raises Wrong with every fault and its line, or OSError."""
    path.stat()  # what is not there is no fault of its content
    try:
        told = read_as(path, Scenario)
        if wrong := list(_doubts(told)):
            raise Faults(wrong)
    except Faults as faults:
        raise Wrong(str(faults)) from None
    return told.value


def expected(kind: Kind, hours: float) -> float:
    """How many of them come on a usual day without peaks."""
    parts = [min(1.0, hours - hour) for hour in range(ceil(hours))]
    return sum(part * kind.per_hour[min(hour, len(kind.per_hour) - 1)] for hour, part in enumerate(parts))


def _doubts(told: Typed[Scenario]) -> Iterator[Fault]:
    """What the types cannot say."""
    scenario = told.value
    names = [kind.name for kind in scenario.kinds]
    for number, kind in enumerate(scenario.kinds):
        if kind.name in names[:number]:
            yield told.fault(("kinds", number, "name"), f"two kinds are named `{kind.name}`")
    came = sum(expected(kind, scenario.hours) for kind in scenario.kinds)
    if came > MOST:
        yield told.fault(("kinds",), f"some {came:,.0f} contacts would come in a day: at most {MOST:,} can")
    for number, kind in enumerate(scenario.kinds):
        if not any(meets(team.skills, kind.needs) for team in scenario.teams):
            asked = ", ".join(f"`{skill}` {level}" for skill, level in kind.needs.items())
            words = f"no team can serve `{kind.name}`: none has {asked} (the least levels)"
            yield told.fault(("kinds", number, "needs"), words)
    for number, team in enumerate(scenario.teams):
        if team.shifts and team.shifts[0][0] >= scenario.hours:
            yield told.fault(("teams", number, "shifts"), "the first shift begins after closing")
        ends = [end for shift in team.shifts for end in shift]
        if any(earlier >= later for earlier, later in pairwise(ends)):
            path = ("teams", number, "shifts")
            yield told.fault(path, "shifts must follow each other: [[0, 4], [5, 8]], hours since the opening")
    for number, peak in enumerate(scenario.peaks):
        for place, name in enumerate(peak.kinds):
            if name not in names:
                where = ("peaks", number, "kinds", place)
                yield told.fault(where, f"no kind is named `{name}`: {nearest(name, names)}")
    for name in sorted(set(scenario.policies)):
        if scenario.policies.count(name) > 1:
            yield told.fault(("policies",), f"`{name}` is named twice")
    if scenario.answering.missed + scenario.answering.declined >= 1:
        words = "missed and declined together must be below 1, or nobody is ever served"
        yield told.fault(("answering",), words)
