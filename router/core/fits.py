"""How every agent fits every kind of needs, kept once computed. Derived: dropped whenever skills change.

Kinds of needs are few and skills change rarely, so a decision looks figures up instead of comparing levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skills.eligibility import eligible
from skills.fit import fit

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import AgentRecord

NeedsKey = tuple[tuple[tuple[str, int], ...], ...]
ROWS_MAX = 1_000  # kinds of needs remembered; hostile variety costs time, not memory


def needs_key(needs: Needs) -> NeedsKey:
    """Equal for equal needs, whatever order they were written in."""
    if len(needs) == 1:
        return (tuple(sorted(needs[0].items())),)
    return tuple(sorted(tuple(sorted(minimums.items())) for minimums in needs))


class Row:
    """One kind of needs: agent -> fit, or None where not eligible. Filled as agents are looked at."""

    __slots__ = ("_known", "needs")

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self._known: dict[str, int | None] = {}

    def of(self, agent: AgentRecord) -> int | None:
        """This agent's fit."""
        try:
            return self._known[agent.agent]
        except KeyError:
            found = fit(agent.skills, self.needs) if eligible(agent.skills, self.needs) else None
            self._known[agent.agent] = found
            return found


class Fits:
    """All rows."""

    def __init__(self) -> None:
        self._rows: dict[NeedsKey, Row] = {}

    def row(self, needs: Needs, key: NeedsKey | None = None) -> Row:
        """The row of these needs; `key` is theirs, if it is at hand."""
        key = key or needs_key(needs)
        row = self._rows.get(key)
        if row is None:
            if len(self._rows) >= ROWS_MAX:
                self._rows.clear()
            row = self._rows[key] = Row(needs)
        return row

    def forget(self) -> None:
        """Somebody's skills changed."""
        self._rows.clear()
