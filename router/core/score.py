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


def score(state: State, contact: ContactRecord, agent: AgentRecord) -> Score:
    """Of a contact and an agent who may take it."""
    weights = state.policy.weights
    idle = 0 if agent.hands else min((state.now - agent.idle_since) // SECOND, IDLE_BOUND)
    terms = {
        "wait": wait_points(state, contact.rank, contact.target),
        "fit": weights.fit * fit(agent.skills, contact.needs),
        "idle": weights.idle * idle,
    }
    return Score(sum(terms.values()), terms)
