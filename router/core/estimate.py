"""How long a contact may wait, as an interval. A queue-length estimate; the learning one comes later.

Waiting ahead over the rate at which able agents come free, with the spread of a sum of as many independent
services. All in integer microseconds.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

from router.core.events import Needs
from router.core.matching import capacity_of, has_room
from router.core.policy import SECOND
from router.core.state import State
from skills.eligibility import eligible

HANDLING = 300 * SECOND  # assumed time from offer to wrapped up, until it is learnt
NOBODY = 3600 * SECOND  # announced upper end where nobody present could serve
Z90 = 1282  # thousandths: the 10 % and 90 % points of a normal law


class Wait(NamedTuple):
    """The 10 % point, the middle and the 90 % point of a wait, microseconds."""

    low: int
    likely: int
    high: int


def estimate(state: State, channel: str, needs: Needs, ahead: int | None = None) -> Wait:
    """For one more contact of this kind, or for one with so many ahead of it."""
    able = [a for a in state.agents.values() if a.state == "ready" and eligible(a.skills, needs)]
    places = sum(capacity_of(state, agent, channel) for agent in able)
    if ahead is None:
        ahead = state.lines.ahead(channel)
        if ahead == 0 and any(has_room(state, agent, channel) for agent in able):
            return Wait(0, 0, 0)
    if places == 0:
        return Wait(0, NOBODY, NOBODY)
    services = ahead + 1
    likely = HANDLING * services // places
    spread = Z90 * HANDLING * isqrt(services * 1_000_000) // (1000 * 1000 * places)
    return Wait(max(0, likely - spread), likely, likely + spread)
