"""When an agent whom the policy set away for missed offers is ready again. Pure.

The record tells, where it speaks of them soon after: then the day had this break too. Where it does not,
another policy made the break, and they are taken to say so after a while.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from router.core.events import Agent
from router.core.policy import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.whatif.day import Given

SOON, BACK = 3600 * SECOND, 60 * SECOND


class Breaks:
    """Made once of a day."""

    def __init__(self, given: Iterable[Given]) -> None:
        self._spoken: dict[str, list[int]] = defaultdict(list)
        for each in given:
            if isinstance(each.event, Agent):
                self._spoken[each.event.agent].append(each.at)
        for instants in self._spoken.values():
            instants.sort()

    def over(self, agent: str, at: int) -> int | None:
        """When somebody set away now is back; None: the record will say."""
        spoken = self._spoken.get(agent, [])
        place = bisect_right(spoken, at)
        told = place < len(spoken) and spoken[place] <= at + SOON
        return None if told else at + BACK
