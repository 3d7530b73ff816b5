"""Which families of lines an agent's skills suit, and what the fit is worth: kept for each agent.

Derived from the records alone. Both stay the same while the agent's skills do, so an agent who comes free
looks at the families that are for them, not at all. New families are looked at once, when the agent next
comes free. Which families skills suit but for their levels is looked up once for all who have the same
skills. It offers nothing and knows nothing of contacts.
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


class Shared:
    """Families that ask for nothing beyond some names of skills, and how many of all were looked at."""

    __slots__ = ("families", "names", "read")

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.read = 0
        self.families: list[Family] = []

    def read_on(self, begun: list[Family]) -> None:
        """Sets against sets: whoever looks first meets every family there is."""
        names = self.names
        self.families += [each for each in begun[self.read :] if each.names is None or each.names <= names]
        self.read = len(begun)


class Own:
    """One agent's, and how many of the shared ones it was made from."""

    __slots__ = ("found", "held", "read", "shared", "skills")

    def __init__(self, skills: dict[str, int], shared: Shared) -> None:
        self.skills = skills
        self.shared = shared
        self.held = sum(skills.values())
        self.read = 0
        self.found: list[Prospect] = []

    def read_on(self) -> None:
        """Levels against needs."""
        skills, held = self.skills, self.held
        for family in self.shared.families[self.read :]:
            if family.names is not None:
                self.found.append((family, fit_to(skills, family.names, held)))
            elif eligible(skills, family.asks):
                self.found.append((family, fit(skills, family.asks)))
        self.read = len(self.shared.families)


class Prospects:
    """Of every agent who ever looked."""

    def __init__(self) -> None:
        self._own: dict[str, Own] = {}
        self._shared: dict[frozenset[str], Shared] = {}
        self._begun: list[Family] = []  # what all this was made from

    def of(self, agent: AgentRecord, lines: Lines) -> list[Prospect]:
        """Those known that nothing but minimums, room and the contacts' own stories keeps the agent from."""
        begun = lines.begun
        if begun is not self._begun:
            self._begun = begun
            self._own.clear()
            self._shared.clear()
        own = self._own.get(agent.agent)
        if own is None or own.skills is not agent.skills:
            names = frozenset(agent.skills)
            shared = self._shared.get(names) or self._shared.setdefault(names, Shared(names))
            own = self._own[agent.agent] = Own(agent.skills, shared)
        shared = own.shared
        if shared.read < len(begun):
            shared.read_on(begun)
        if own.read < len(shared.families):
            own.read_on()
        return own.found
