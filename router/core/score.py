"""What a match is worth, term by term, in integers.

Terms: `wait`, how much of the wanted wait has passed (counted from rank, so credit included); `fit`, how well
the agent fits (`skills.fit`); `idle`, how long the agent has had nothing. Each is bounded, so no sum can wrap
or drown another for ever.
"""

from __future__ import annotations

from typing import NamedTuple

from router.core.policy import SECOND
from router.core.state import AgentRecord, ContactRecord, State
from skills.fit import fit

WAIT_BOUND = 1_000_000_000
IDLE_BOUND = 600  # seconds of idleness that count


class Score(NamedTuple):
    """The sum that decides, and the terms that explain it."""

    total: int
    terms: dict[str, int]


def wait_points(state: State, rank: int, target: int) -> int:
    """`weights.wait` for each target waited since rank."""
    return min(state.policy.weights.wait * (state.now - rank) // max(target, SECOND), WAIT_BOUND)


def idle_points(state: State, agent: AgentRecord) -> int:
    """`weights.idle` for each second with nothing in hand."""
    if agent.hands:
        return 0
    return state.policy.weights.idle * min((state.now - agent.idle_since) // SECOND, IDLE_BOUND)


def score(state: State, contact: ContactRecord, agent: AgentRecord) -> Score:
    """Of a contact and an agent who may take it. Matching compares the same terms one by one."""
    terms = {
        "wait": wait_points(state, contact.rank, contact.target),
        "fit": state.policy.weights.fit * fit(agent.skills, contact.needs),
        "idle": idle_points(state, agent),
    }
    return Score(sum(terms.values()), terms)
