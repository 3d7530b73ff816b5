"""Who could take something now: the free agents, and for each kind of needs asked for their order.

Derived from the records alone. The order of two free agents for one kind of contact does not change while
both are free: what a pair is worth is a constant of the agent's record (`score.pair_points`), and idleness
grows alike for all. So an index per kind is a heap that time leaves alone. An agent who comes free is put
into an index when somebody next asks for that kind, once; one who was taken meanwhile, never. So an arrival
costs its own few comparisons and those who came free since its kind was last asked for, however many agents
there are and however much they differ. It never looks at contacts.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from router.core.groups import groups_of
from router.core.pace import group_of
from router.core.policy import SECOND
from router.core.room import fits, interrupts, present, room, together
from router.core.score import pair_points
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from router.core.events import Needs
    from router.core.line import Asked
    from router.core.policy import Policy
    from router.core.state import AgentRecord

INDEXES_MAX = 512  # kinds with an index; hostile variety costs time, not memory
STALE_MIN = 64  # entries of agents taken since, before an index is cleared of them

HANDS_MAX = 1_024  # ways of having hands full or not, that are known

Hands = tuple[tuple[str, ...], tuple[tuple[str, int], ...]]  # channels in hand, and the agent's capacity
Entry = tuple[int, int, str, int]  # points turned round, idle since, agent, the freedom it is true of


class Index:
    """The free agents who may take one kind, the best first: those with nothing in hand, and the others."""

    __slots__ = ("asked_at", "idle", "others", "seen")

    def __init__(self) -> None:
        self.idle: list[Entry] = []
        self.others: list[Entry] = []
        self.asked_at = 0  # how many had been asked before it was last asked
        self.seen = 0  # every freedom up to this one was looked at


class Roster:
    """All agents. `touched` ones are looked at anew before anybody else looks."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self._freedoms = 0
        self._free: dict[str, tuple[int, AgentRecord]] = {}  # the last to come free last
        self._indexes: dict[Asked, Index] = {}
        self._asks = 0
        self._closing: frozenset[str] | None = None  # channels that go with nothing else in hand
        self._fulls: dict[Hands, bool] = {}

    def settle(self, agents: Mapping[str, AgentRecord], policy: Policy) -> None:
        """Whoever was touched is free anew, or not at all."""
        for name in self.touched:
            self._free.pop(name, None)
            agent = agents[name]
            if present(agent) and not self.full(agent, policy):
                self._freedoms += 1
                self._free[name] = (self._freedoms, agent)
        self.touched.clear()

    def __bool__(self) -> bool:
        """Whether anybody could take something, once settled."""
        return bool(self._free)

    def full(self, agent: AgentRecord, policy: Policy) -> bool:
        """Whether there is room for nothing at all. The usual answers first: empty hands, or a call."""
        if not agent.hands:
            return False
        if self._closing is None:
            self._closing = frozenset(channel for channel in policy.channels if closes(policy, channel))
        if not self._closing.isdisjoint(agent.hands.values()):
            return True
        hands = tuple(agent.hands.values()), tuple(agent.capacity.items())
        full = self._fulls.get(hands)
        if full is None:
            if len(self._fulls) >= HANDS_MAX:
                self._fulls.clear()
            full = self._fulls[hands] = not any(fits(policy, agent, channel) for channel in policy.channels)
        return full

    def best(self, asked: Asked, needs: Needs, policy: Policy, now: int) -> AgentRecord | None:
        """Whom such a contact suits best; of equals the longest idle, then the lowest id. Once settled."""
        if not self._free:
            return None
        index = self._index(asked, needs, policy)
        line = self._first(index, policy.weights.idle * (now // SECOND))
        return None if line is None else self._free[line[0][2]][1]

    def in_order(
        self, asked: Asked, needs: Needs, policy: Policy, now: int
    ) -> Generator[AgentRecord, None, None]:
        """The same, and then those who come after. Nobody may be taken before the iterator is closed."""
        if not self._free:
            return
        index = self._index(asked, needs, policy)
        passed: list[tuple[list[Entry], Entry]] = []
        try:
            while (line := self._first(index, policy.weights.idle * (now // SECOND))) is not None:
                entry = heappop(line)
                passed.append((line, entry))
                yield self._free[entry[2]][1]
        finally:
            for line, entry in passed:
                heappush(line, entry)

    def free(self) -> Iterator[AgentRecord]:
        """Everybody who could take something, once settled."""
        return (agent for _, agent in self._free.values())

    def forget(self, agents: Mapping[str, AgentRecord]) -> None:
        """Another policy: nothing that was known of anybody's room or worth holds."""
        self._free.clear()
        self._indexes.clear()
        self._closing = None
        self._fulls.clear()
        self.touched.update(agents)

    def _first(self, index: Index, grown: int) -> list[Entry] | None:
        """The heap on whose top the best stands. `grown`: what idleness since the first instant is worth."""
        idle, others = self._top(index.idle), self._top(index.others)
        if idle is None or others is None:
            return index.others if idle is None and others is not None else index.idle if idle else None
        return index.idle if (idle[0] - grown, *idle[1:]) < others else index.others

    def _top(self, heap: list[Entry]) -> Entry | None:
        """The best who is still as free as when it was put there."""
        free = self._free
        while heap:
            entry = heap[0]
            known = free.get(entry[2])
            if known is not None and known[0] == entry[3]:
                return entry
            heappop(heap)
        return None

    def _index(self, asked: Asked, needs: Needs, policy: Policy) -> Index:
        index = self._indexes.get(asked)
        if index is None:
            if len(self._indexes) >= INDEXES_MAX:
                del self._indexes[min(self._indexes, key=lambda each: self._indexes[each].asked_at)]
            index = self._indexes[asked] = Index()
        self._asks += 1
        index.asked_at = self._asks
        if index.seen < self._freedoms:
            self._catch_up(index, asked, needs, policy)
            index.seen = self._freedoms
        return index

    def _catch_up(self, index: Index, asked: Asked, needs: Needs, policy: Policy) -> None:
        """Put in who came free since it was last asked for: the latest stand last."""
        channel, via, _, shut = asked
        weight, group = policy.weights.idle, ""
        for freedom, agent in reversed(self._free.values()):
            if freedom <= index.seen:
                break
            if not (eligible(agent.skills, needs) and room(policy, agent, channel)):
                continue
            if (agent.devices and agent.devices.get(via) == "unreachable") or (
                shut and shut in groups_of(policy, agent)
            ):
                continue
            group = group or group_of(channel, needs)
            points, since = -pair_points(policy, channel, needs, agent, group), agent.idle_since
            if agent.hands:
                heappush(index.others, (points, since, agent.agent, freedom))
            else:
                heappush(index.idle, (points + weight * (since // SECOND), since, agent.agent, freedom))
        for heap in (index.idle, index.others):
            if len(heap) > STALE_MIN + 2 * len(self._free):
                heap[:] = [each for each in heap if self._free.get(each[2], (0,))[0] == each[3]]
                heapify(heap)


def closes(policy: Policy, channel: str) -> bool:
    """Whether nothing fits beside a contact of this channel, nor interrupts it."""
    return not any(
        together(policy, other, channel) or interrupts(policy, other, channel) for other in policy.channels
    )
