"""The classical routing rules, as published: what each prefers. Baselines to be beaten, nothing else.

A rule orders the heads of the waiting kinds for an agent (`urgency`, highest first) and the free agents for a
contact (`liking`, highest first). Everything else is `classical`'s and the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from router.core.policy import SECOND, Policy
from skills.fit import fit

if TYPE_CHECKING:
    from router.simulate.classical import Idle, Waiting
    from router.simulate.scenario import Kind

USUAL = Policy().channels
LIVE = ("phone", "chat", "callback", "counter")
RING_STEP = 20 * SECOND  # a ring of agents is added each so often
RINGS = (8, 5, 1)  # lowest level that the first ring and those after it ask for
RATIO = {"phone": 8, "chat": 2, "email": 1}  # shares that fixed queue ratio keeps the waiting in

Urgency = Callable[["Waiting", int, int], float]
Liking = Callable[["Idle", "Waiting"], float]


class Rule(NamedTuple):
    """`urgency(head, how many wait in its kind, now)`, `liking(agent, contact)`, `admits(agent, …, now)`."""

    urgency: Urgency
    liking: Liking
    admits: Callable[[Idle, Waiting, int], bool] = lambda idle, waiting, now: True
    rings: bool = False  # whether `admits` changes as time passes


def target_of(waiting: Waiting) -> int:
    """The contact's own, or its channel's usual one."""
    return waiting.contact.target or usual_target(waiting.contact.channel)


def target_of_kind(kind: Kind) -> int:
    """The same of a kind in a scenario, microseconds."""
    return usual_target(kind.channel) if kind.target_s is None else round(kind.target_s * SECOND)


def usual_target(channel: str) -> int:
    return USUAL[channel].target


def age(head: Waiting, many: int, now: int) -> float:
    """Who came first."""
    return now - head.arrived


def longest_idle(idle: Idle, waiting: Waiting) -> float:
    return -idle.since


def best_level(idle: Idle, waiting: Waiting) -> float:
    return fit(idle.skills, waiting.contact.needs)


def in_ring(idle: Idle, waiting: Waiting, now: int) -> bool:
    """Whether the agent belongs to the rings that are open after this wait (bullseye routing)."""
    ring = min((now - waiting.arrived) // RING_STEP, len(RINGS) - 1)
    levels = [
        idle.skills[skill] for needs in waiting.contact.needs for skill in needs if skill in idle.skills
    ]
    return not levels or min(levels) >= RINGS[ring]


def channel_then_age(head: Waiting, many: int, now: int) -> float:
    """Static priority: live channels before all others, whatever these have waited."""
    return (10**15 if head.contact.channel in LIVE else 0) + now - head.arrived


def over_ratio(head: Waiting, many: int, now: int) -> float:
    """Fixed queue ratio (Gurvich and Whitt 2009): the kind whose line is longest for its share."""
    return many / RATIO.get(head.contact.channel, 1)


def marginal_cost(head: Waiting, many: int, now: int) -> float:
    """Generalised c-mu (van Mieghem 1995) with quadratic cost in wait over target: c'(w) mu."""
    return (now - head.arrived) / target_of(head) ** 2 / head.mean_handling


RULES: dict[str, Rule] = {
    "app_queue": Rule(age, longest_idle),
    "rings": Rule(age, best_level, in_ring, rings=True),
    "priority": Rule(channel_then_age, best_level),
    "fixed_ratio": Rule(over_ratio, best_level),
    "cmu": Rule(marginal_cost, best_level),
}
