"""The classical routing rules, as published: what each prefers. Baselines to be beaten, nothing else.

A rule orders the heads of the waiting kinds for an agent (`urgency`, highest first) and the free agents for a
contact (`liking`, highest first). Everything else is `classical`'s and the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from router.core.policy import SECOND, Policy
from skills.fit import fit

if TYPE_CHECKING:
    from router.simulate.classical import Waiting
    from router.simulate.crew import Member
    from router.simulate.scenario import Kind

USUAL = Policy()
LIVE = ("phone", "chat", "callback", "counter")
RING_STEP = 20  # seconds: a ring of agents is added each so often
RINGS = (8, 5, 1)  # lowest level that the first ring and those after it ask for
RATIO = {"phone": 8, "chat": 2, "email": 1}  # shares that fixed queue ratio keeps the waiting in
NEAR = 600 * SECOND  # a reserve is not kept from work due so soon

Urgency = Callable[["Waiting", int, int], float]
Liking = Callable[["Member", "Waiting"], float]


class Rule(NamedTuple):
    """`urgency(head, how many wait in its kind, now)`, `liking(agent, contact)`, `admits(agent, …, now)`."""

    urgency: Urgency
    liking: Liking
    admits: Callable[[Member, Waiting, int], bool] = lambda member, waiting, now: True
    rings: bool = False  # whether `admits` changes as time passes
    reserve: int = 0  # deferrable work is begun only while so many others are idle, or it is nearly due


def target_of(waiting: Waiting) -> int:
    """The contact's own, or its channel's usual one."""
    return waiting.contact.target or usual_target(waiting.contact.channel)


def target_of_kind(kind: Kind) -> int:
    """The same of a kind in a scenario, microseconds."""
    return usual_target(kind.channel) if kind.target_s is None else round(kind.target_s * SECOND)


def usual_target(channel: str) -> int:
    return USUAL.channels[channel].target


def age(head: Waiting, many: int, now: int) -> float:
    """Who came first."""
    return now - head.arrived


def longest_idle(member: Member, waiting: Waiting) -> float:
    return -member.since


def best_level(member: Member, waiting: Waiting) -> float:
    return fit(member.skills, waiting.contact.needs)


def rings(step_s: int) -> Callable[[Member, Waiting, int], bool]:
    """Whether the agent belongs to the rings that are open after this wait (bullseye routing)."""

    def admits(member: Member, waiting: Waiting, now: int) -> bool:
        ring = min((now - waiting.arrived) // (step_s * SECOND), len(RINGS) - 1)
        levels = [
            member.skills[skill]
            for needs in waiting.contact.needs
            for skill in needs
            if skill in member.skills
        ]
        return not levels or min(levels) >= RINGS[ring]

    return admits


def channel_then_age(head: Waiting, many: int, now: int) -> float:
    """Static priority: live channels before all others, whatever these have waited."""
    return (10**15 if head.contact.channel in LIVE else 0) + now - head.arrived


def over_ratio(shares: Mapping[str, float]) -> Urgency:
    """Fixed queue ratio (Gurvich and Whitt 2009): the kind whose line is longest for its share."""
    return lambda head, many, now: many / shares.get(head.contact.channel, 1)


def marginal_cost(costs: Mapping[str, float]) -> Urgency:
    """Generalised c-mu (van Mieghem 1995) with quadratic cost in wait over target: c'(w) mu."""

    def urgency(head: Waiting, many: int, now: int) -> float:
        cost = costs.get(head.contact.channel, 1)
        return cost * (now - head.arrived) / target_of(head) ** 2 / head.mean_handling

    return urgency


def tuned(name: str, reserve: int = 0, step_s: int = RING_STEP, email: float = 0.0) -> Rule:
    """A classical rule with its parameters: reserve, time of a ring, share or cost of e-mail."""
    match name:
        case "app_queue":
            rule = Rule(age, longest_idle)
        case "rings":
            rule = Rule(age, best_level, rings(step_s), rings=True)
        case "priority":
            rule = Rule(channel_then_age, best_level)
        case "fixed_ratio":
            rule = Rule(over_ratio(RATIO | {"email": email or RATIO["email"]}), best_level)
        case "cmu":
            rule = Rule(marginal_cost({"email": email or 1.0}), best_level)
        case _:
            raise KeyError(name)
    return rule._replace(reserve=reserve)


RULES: dict[str, Rule] = {
    name: tuned(name) for name in ("app_queue", "rings", "priority", "fixed_ratio", "cmu")
}
