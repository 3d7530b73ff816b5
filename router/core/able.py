"""How many contacts of a channel the agents who are ready and able take at once, for any needs.

Derived from the records alone. Sets of agents are integers, one bit for each: those with a skill at a level
or above, those ready, those whose capacity has this binary digit. Who meets some needs is an intersection of
a few, at a sixty-fourth of a look at everybody, so that a thousand kinds of needs cost no more than one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.core.events import Needs
    from router.core.needs import NeedsKey
    from router.core.policy import Policy
    from router.core.state import AgentRecord

KNOWN_MAX = 1_024  # answers kept until an agent changes


class Standing(NamedTuple):
    """What an agent counted for when they were last looked at. None of it is changed in place."""

    skills: dict[str, int]
    capacity: dict[str, int]


class Able:
    """Everybody, and who of them is ready."""

    def __init__(self) -> None:
        self.touched: dict[str, None] = {}  # agents who may have changed
        self._standing: dict[str, Standing] = {}
        self._bits: dict[str, int] = {}  # agent -> their bit
        self._ready = 0
        self._with: dict[tuple[str, int], int] = {}  # skill and level -> who has as much
        self._digits: dict[tuple[str, int], int] = {}  # channel and binary digit -> whose capacity has it
        self._known: dict[tuple[str, NeedsKey], int] = {}

    def places(
        self, agents: Mapping[str, AgentRecord], policy: Policy, channel: str, needs: Needs, key: NeedsKey
    ) -> int:
        """Whom contacts of this channel and these needs could go to, each of an agent's places counted."""
        if self.touched:
            self._settle(agents, policy)
        known = self._known.get((channel, key))
        if known is None:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            known = self._known[channel, key] = self._counted(channel, needs)
        return known

    def forget(self, agents: Mapping[str, AgentRecord]) -> None:
        """Another policy: what agents bring and may have in hand counts anew."""
        self._standing.clear()
        self._ready = 0
        self._with.clear()
        self._digits.clear()
        self._known.clear()
        self.touched.update(dict.fromkeys(agents))

    def _counted(self, channel: str, needs: Needs) -> int:
        able = 0
        for minimums in needs:
            some = self._ready
            for least in minimums.items():
                some &= self._with.get(least, 0)
            able |= some
        count = digit = 0
        while (having := self._digits.get((channel, digit))) is not None:
            count += (able & having).bit_count() << digit
            digit += 1
        return count

    def _settle(self, agents: Mapping[str, AgentRecord], policy: Policy) -> None:
        for name in self.touched:
            agent = agents[name]
            bit = self._bits.setdefault(name, 1 << len(self._bits))
            standing = Standing(agent.skills, agent.capacity)
            before = self._standing.get(name)
            if before != standing:
                if before is not None:
                    self._turn(bit, before, policy)
                self._turn(bit, standing, policy)
                self._standing[name] = standing
            if bool(self._ready & bit) != (agent.state == "ready"):
                self._ready ^= bit
        self.touched.clear()
        self._known.clear()

    def _turn(self, bit: int, standing: Standing, policy: Policy) -> None:
        """Into every set it belongs to, or out of them again."""
        for skill, level in standing.skills.items():
            for least in range(1, level + 1):
                self._with[skill, least] = self._with.get((skill, least), 0) ^ bit
        for channel, rules in policy.channels.items():
            named = standing.capacity.get(channel)
            capacity = rules.capacity if named is None else named
            for digit in range(capacity.bit_length()):
                having = self._digits.get((channel, digit), 0)
                self._digits[channel, digit] = having ^ bit if capacity >> digit & 1 else having
