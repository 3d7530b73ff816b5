"""What else could find who takes whom, on the same snapshot: a look at everybody, and scipy's assignment.

Scipy is no dependency: without it its column stays empty.
"""

from __future__ import annotations

from importlib import import_module
from time import perf_counter_ns

from router.core.line import hold_of
from router.core.may import has_room
from router.core.score import contact_points, pair_points
from router.core.state import AgentRecord, ContactRecord, State
from skills.eligibility import eligible

PAIRS_MAX = 2_000_000  # of a cost matrix: beyond, building it alone takes minutes
NEVER = -(10**9)


def waiting(state: State) -> list[ContactRecord]:
    """Everybody in line."""
    return [contact for contact in state.contacts.values() if state.in_line(contact)]


def worth(state: State, contact: ContactRecord, agent: AgentRecord) -> int:
    """Of one pair, by the core's own score."""
    if not eligible(agent.skills, contact.needs):
        return NEVER
    whole = contact_points(state, contact.channel, contact.rank, contact.target, hold_of(contact))
    return whole + pair_points(state.policy, contact.channel, contact.needs, agent)


def plain_scan(state: State, agent: AgentRecord) -> int:
    """Nanoseconds to find one agent's best contact by a look at all of them."""
    start = perf_counter_ns()
    for contact in waiting(state):
        if has_room(state, agent, contact.channel):
            worth(state, contact, agent)
    return perf_counter_ns() - start


def assignment(state: State, agents: list[AgentRecord]) -> tuple[int, int] | None:
    """Nanoseconds to fill a matrix of agents and all who wait, and to solve it; None if that is too much."""
    try:
        linear_sum_assignment = import_module("scipy.optimize").linear_sum_assignment
    except ImportError:
        return None
    contacts = waiting(state)
    if len(agents) * len(contacts) > PAIRS_MAX:
        return None
    start = perf_counter_ns()
    costs = [[-worth(state, contact, agent) for contact in contacts] for agent in agents]
    filled = perf_counter_ns()
    linear_sum_assignment(costs)
    return filled - start, perf_counter_ns() - filled
