"""How many contacts of a channel the agents who are ready and able take at once, per kind of needs.

Derived from the records alone. Counted once for each kind, then kept from a journal of agents who came,
went or changed, when somebody asks: the cost is that of what changed since, not of how many agents there
are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core.policy import CHANNELS
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.core.events import Needs
    from router.core.needs import NeedsKey
    from router.core.policy import Policy
    from router.core.state import AgentRecord

KINDS_MAX = 256  # kinds counted at once; hostile variety costs time, not memory
JOURNAL_MAX = 4_096  # changes remembered at least; who is further behind counts anew


class Standing(NamedTuple):
    """What an agent counted for when they were last looked at. None of it is changed in place."""

    skills: dict[str, int]
    capacity: dict[str, int]


class Count:
    """Places per channel for one kind of needs, true up to one place in the journal."""

    __slots__ = ("places", "read")

    def __init__(self) -> None:
        self.places = dict.fromkeys(CHANNELS, 0)
        self.read = 0


class Able:
    """Everybody who is ready."""

    def __init__(self) -> None:
        self.touched: dict[str, None] = {}  # agents who may have changed
        self._standing: dict[str, Standing] = {}
        self._counts: dict[NeedsKey, Count] = {}
        self._journal: list[tuple[Standing | None, Standing | None]] = []  # before and after
        self._dropped = 0  # entries no longer in the journal

    def places(
        self, agents: Mapping[str, AgentRecord], policy: Policy, channel: str, needs: Needs, key: NeedsKey
    ) -> int:
        """Whom contacts of this channel and these needs could go to, each of an agent's places counted."""
        self._settle(agents)
        count = self._counts.get(key)
        if count is None or count.read < self._dropped:
            count = self._counted(policy, needs, key)
        for before, after in self._journal[count.read - self._dropped :]:
            if before is not None:
                _add(count, before, policy, needs, -1)
            if after is not None:
                _add(count, after, policy, needs, 1)
        count.read = self._dropped + len(self._journal)
        return count.places[channel]

    def forget(self, agents: Mapping[str, AgentRecord]) -> None:
        """Another policy: what agents bring and may have in hand counts anew."""
        self._standing.clear()
        self._counts.clear()
        self._journal.clear()
        self.touched.update(dict.fromkeys(agents))

    def _settle(self, agents: Mapping[str, AgentRecord]) -> None:
        if not self.touched:
            return
        for name in self.touched:
            agent = agents[name]
            before = self._standing.pop(name, None)
            after = Standing(agent.skills, agent.capacity) if agent.state == "ready" else None
            if after is not None:
                self._standing[name] = after
            if before != after:
                self._journal.append((before, after))
        self.touched.clear()
        surplus = len(self._journal) - max(JOURNAL_MAX, len(self._standing))
        if surplus > JOURNAL_MAX:
            del self._journal[:surplus]
            self._dropped += surplus

    def _counted(self, policy: Policy, needs: Needs, key: NeedsKey) -> Count:
        if key not in self._counts and len(self._counts) >= KINDS_MAX:
            self._counts.clear()
        count = self._counts[key] = Count()
        for standing in self._standing.values():
            _add(count, standing, policy, needs, 1)
        count.read = self._dropped + len(self._journal)
        return count


def _add(count: Count, standing: Standing, policy: Policy, needs: Needs, sign: int) -> None:
    if eligible(standing.skills, needs):
        for channel in CHANNELS:
            named = standing.capacity.get(channel)
            count.places[channel] += sign * (policy.channels[channel].capacity if named is None else named)
