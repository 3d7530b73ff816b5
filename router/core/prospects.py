"""Which families of lines an agent's skills suit, and what the fit is worth: kept for each agent.

Derived from the records alone. Both stay the same while the agent's skills do, so an agent who comes free
looks at the families that are for them, not at all. New families are looked at once, when the agent next
comes free. It offers nothing and knows nothing of contacts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skills.eligibility import eligible
from skills.fit import fit, fit_to

if TYPE_CHECKING:
    from router.core.line import Family
    from router.core.lines import Lines
    from router.core.state import AgentRecord

Prospect = tuple["Family", int]  # a family, and the fit: the same for all its lines


class Own:
    """One agent's, and how much of the families it was made from."""

    __slots__ = ("begun", "found", "read", "skills")

    def __init__(self, skills: dict[str, int], begun: list[Family]) -> None:
        self.skills = skills
        self.begun = begun
        self.read = 0
        self.found: list[Prospect] = []


class Prospects:
    """Of every agent who ever looked."""

    def __init__(self) -> None:
        self._own: dict[str, Own] = {}

    def of(self, agent: AgentRecord, lines: Lines) -> list[Prospect]:
        """Those known that nothing but minimums, room and the contacts' own stories keeps the agent from."""
        own = self._own.get(agent.agent)
        if own is None or own.skills is not agent.skills or own.begun is not lines.begun:
            own = self._own[agent.agent] = Own(agent.skills, lines.begun)
        if own.read < len(own.begun):
            self._read_on(own)
        return own.found

    def _read_on(self, own: Own) -> None:
        """Sets against sets: an agent who looks for the first time meets every family there is."""
        skills = own.skills
        names, held = frozenset(skills), sum(skills.values())
        for family in own.begun[own.read :]:
            if family.names is None:
                if eligible(skills, family.asks):
                    own.found.append((family, fit(skills, family.asks)))
            elif family.names <= names:
                own.found.append((family, fit_to(skills, family.names, held)))
        own.read = len(own.begun)
