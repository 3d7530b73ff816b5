"""What a match is worth, term by term, in integers.

total(contact, agent) = contact part + pair part + idle part, and each part has one function here:

- `contact_points`: of the contact alone, now. For contacts of one channel and target it must never fall as
  they wait (as rank falls), so that of such contacts the head of a line is worth most.
- `pair_points`: of a kind of contact and the *agent's record*. It must stay the same from the moment an
  agent comes free until they are taken: indexes of free agents are kept sorted by it (`roster`). Whatever is
  learnt enters it by way of the record, when `Turn.touch` is told.
  It may look at which skills are asked for, not at their minimums: lines that differ in these share a family.
- `idle_points`: grows alike for all who are idle, so time never changes their order.

So matching never scores contacts × agents. Each term is an integer; ties go to the longest idle or the
earliest rank, then to the lowest id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core.ladder import rung
from router.core.line import FREE, FRONT, PRESSED, hold_of
from router.core.pace import group_of, speed_points
from router.core.policy import LIVE, SECOND
from router.core.rest import hard
from router.core.room import must_interrupt
from skills.fit import fit

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.policy import Policy
    from router.core.state import AgentRecord, ContactRecord, State

WAIT_BOUND = 1_000_000_000
FRONT_POINTS = 2 * WAIT_BOUND  # whom a supervisor put first is next whom any suitable agent gets


class Score(NamedTuple):
    """The sum that decides, and the terms that explain it."""

    total: int
    terms: dict[str, int]


def contact_terms(state: State, channel: str, rank: int, target: int, hold: int = FREE) -> dict[str, int]:
    """What the contact brings, whoever takes it."""
    terms = {"wait": wait_points(state, rank, target)}
    if hold == PRESSED:
        terms["due"] = state.policy.weights.due
    elif hold == FRONT:
        terms["front"] = FRONT_POINTS
    elif hold == FREE and channel in LIVE:
        terms["live"] = state.policy.weights.live
    return terms


def contact_points(state: State, channel: str, rank: int, target: int, hold: int = FREE) -> int:
    """The sum of `contact_terms`, without making them."""
    return wait_points(state, rank, target) + hold_points(state.policy, channel, hold)


def hold_points(policy: Policy, channel: str, hold: int) -> int:
    """Of these what does not grow as the contact waits: the same for a whole family of lines."""
    if hold == PRESSED:
        return policy.weights.due
    if hold == FRONT:
        return FRONT_POINTS
    return policy.weights.live if hold == FREE and channel in LIVE else 0


def pair_terms(policy: Policy, channel: str, needs: Needs, agent: AgentRecord) -> dict[str, int]:
    """How well a kind of contact and an agent suit each other."""
    terms = {"fit": policy.weights.fit * fit(agent.skills, needs)}
    if channel in agent.hands.values():
        terms["beside"] = policy.weights.beside
    if policy.weights.occupied and agent.hands:
        terms["occupied"] = -policy.weights.occupied * len(agent.hands)
    if agent.paces and (points := speed_points(policy, agent, group_of(channel, needs))) != 0:
        terms["speed"] = points
    if agent.strained and hard(policy, needs):
        terms["rest"] = -policy.weights.rest
    if must_interrupt(policy, agent, channel):
        terms["interrupt"] = -policy.weights.interrupt
    return terms


def pair_points(policy: Policy, channel: str, needs: Needs, agent: AgentRecord, group: str = "") -> int:
    """The sum of `pair_terms`, without making them. `group`: of `pace`, where the caller knows it."""
    points = policy.weights.fit * fit(agent.skills, needs)
    if agent.paces:
        points += speed_points(policy, agent, group or group_of(channel, needs))
    return points + rest_points(policy, needs, agent) + hand_points(policy, channel, agent)


def rest_points(policy: Policy, needs: Needs, agent: AgentRecord) -> int:
    """Of these what the last conversation does."""
    return -policy.weights.rest if agent.strained and hard(policy, needs) else 0


def hand_points(policy: Policy, channel: str, agent: AgentRecord) -> int:
    """Of these what depends on what the agent has in hand."""
    if not agent.hands:
        return 0
    points = policy.weights.beside if channel in agent.hands.values() else 0
    points -= policy.weights.occupied * len(agent.hands)
    return points - policy.weights.interrupt if must_interrupt(policy, agent, channel) else points


def wait_points(state: State, rank: int, target: int) -> int:
    """`weights.wait` for each target waited since rank."""
    points = state.policy.weights.wait * (state.now - rank) // rung(target)
    return points if points < WAIT_BOUND else WAIT_BOUND


def idle_points(state: State, agent: AgentRecord) -> int:
    """`weights.idle` for each second of the clock that began with nothing in hand.

    Whole seconds of the clock and no bound: so the order of two idle agents is the same at any time.
    """
    if agent.hands:
        return 0
    return state.policy.weights.idle * (state.now // SECOND - agent.idle_since // SECOND)


def score(state: State, contact: ContactRecord, agent: AgentRecord) -> Score:
    """Of a contact and an agent who may take it. Matching compares the same parts one by one."""
    brought = contact_terms(state, contact.channel, contact.rank, contact.target, hold_of(contact))
    pair = pair_terms(state.policy, contact.channel, contact.needs, agent)
    terms = {"wait": brought["wait"]} | pair | brought | {"idle": idle_points(state, agent)}
    return Score(sum(terms.values()), terms)
