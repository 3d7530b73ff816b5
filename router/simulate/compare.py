"""Repeat a scenario's day under each policy, on the same citizens, and say how sure the figures are.

Days are independent, so they run on all cores; figures do not depend on which core took a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from router.core.needs import needs_key
from router.core.policy import SECOND
from router.simulate.centre import Centre
from router.simulate.classical import Classical
from router.simulate.cores import in_order
from router.simulate.draw import draw
from router.simulate.figures import Figures, by_group, headline
from router.simulate.pool import Guichet, Pool
from router.simulate.rules import RULES

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.simulate.draw import Citizen
    from router.simulate.scenario import PolicyName, Scenario

# Two-sided 95 % points of Student's t for 1, 2, … 30 degrees of freedom; beyond, the normal law's.
T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


class Day(Struct, frozen=True):
    """One policy on one replication."""

    policy: PolicyName
    replication: int
    headline: dict[str, float]
    groups: dict[str, Figures]


class Interval(Struct, frozen=True):
    """A mean over days and half the width of its 95 % interval; no width from a single day."""

    mean: float
    half: float


def day(scenario: Scenario, rules: Policy, policy: PolicyName, replication: int) -> Day:
    """Live one day under one policy."""
    citizens = [_by_the_rules(citizen, rules) for citizen in draw(scenario, replication)]
    centre = Centre(scenario, citizens, pool_of(scenario, rules, policy))
    centre.live()
    return Day(policy, replication, headline(centre), by_group(centre))


def promised(scenario: Scenario, rules: Policy) -> Scenario:
    """The target of each kind as a site promises it, unless the scenario says it: all are judged by it."""
    kinds = []
    for kind in scenario.kinds:
        topic = rules.topics.get(kind.topic)
        target = (topic and topic.target) or rules.channels[kind.channel].target
        kinds.append(replace(kind, target_s=target / SECOND) if kind.target_s is None else kind)
    return replace(scenario, kinds=tuple(kinds))


def _by_the_rules(citizen: Citizen, rules: Policy) -> Citizen:
    """Where a site ends wrap-ups by itself, it does so whoever routes."""
    most = rules.channels[citizen.kind.channel].wrap_up
    return citizen if most is None else citizen._replace(wrap_up=min(citizen.wrap_up, most))


def pool_of(scenario: Scenario, rules: Policy, policy: PolicyName) -> Pool:
    """A fresh pool: the core under these rules, or a classical one."""
    if policy == "guichet":
        return Guichet(rules)
    means = {(str(k.channel), needs_key((k.needs,))): k.handling.mean_s for k in scenario.kinds}
    return Classical(RULES[policy], means, rules)


def days(
    scenario: Scenario, rules: Policy, cores: int, done: Callable[[], None] = lambda: None
) -> Iterator[Day]:
    """Every policy on every replication, `guichet` under these rules; `done` after each.

    The order is the scenario's, whatever the cores.
    """
    numbers = range(scenario.replications)
    plan = [(scenario, rules, policy, number) for number in numbers for policy in scenario.policies]
    return in_order(day, plan, cores, done)


def interval(values: list[float]) -> Interval:
    """Mean and 95 % half-width, by Student's t."""
    many = len(values)
    mean = sum(values) / many
    if many == 1:
        return Interval(mean, 0.0)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (many - 1))
    return Interval(mean, (T95[many - 2] if many <= len(T95) + 1 else 1.96) * deviation / sqrt(many))


def against(lived: list[Day], figure: str, policy: PolicyName, baseline: PolicyName) -> Interval:
    """How much a figure differs from the baseline's, day by day: the same citizens, so a narrow interval."""
    of = {(each.policy, each.replication): each.headline[figure] for each in lived}
    numbers = sorted({each.replication for each in lived})
    return interval([of[policy, number] - of[baseline, number] for number in numbers])
