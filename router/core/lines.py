"""All waiting lines, and who stands where.

Sorts a contact into the line of its kind (`line`) and finds lines again: by contact, by what is equal before
the law, by the agent they wait for. Of lines that are empty a few are kept, out of everybody's sight. It
never knows agents.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from router.core.line import Family, FamilyKey, Kind, Line, family_of, kind_of

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.needs import NeedsKey
    from router.core.state import ContactRecord

K = TypeVar("K")

BEGUN_MIN = 64  # families that are over, before they are no longer looked at
EMPTY_MAX = 256  # lines kept though nobody waits: to sort a kind in anew costs more than to know it


class Lines:
    """All lines. Of empty ones a few are kept, out of everybody's sight."""

    def __init__(self) -> None:
        self._lines: dict[Kind, Line] = {}
        self._empty: dict[Line, None] = {}  # the last to become so last
        self._families: dict[FamilyKey, Family] = {}
        self.begun: list[Family] = []  # all families and some that are over, as they began
        self._line_of: dict[str, Line] = {}
        self._kin: dict[tuple[str, NeedsKey, int], dict[Line, None]] = {}  # equal before the law
        self._wanted: dict[str, dict[Line, None]] = {}  # agent -> lines that wait for them
        self._torn: dict[Line, None] = {}

    def add(self, contact: ContactRecord, now: int) -> None:
        """Put a contact at its rank."""
        kind = kind_of(contact, now)
        line = self._lines.get(kind)
        if line is None:
            line = self._begin(kind, contact.needs)
        line.add((contact.rank, contact.contact))
        self._line_of[contact.contact] = line
        if line.head[1] == contact.contact:
            heads = line.family.heads
            if len(line) > 1:
                del heads[bisect_left(heads, line.second)]
            else:
                self._empty.pop(line, None)
            insort(heads, (contact.rank, contact.contact, line))

    def remove(self, contact: ContactRecord) -> None:
        """Take a contact out; its rank must be the one it was added with."""
        line = self._line_of.pop(contact.contact)
        place = (contact.rank, contact.contact)
        first = line.head == place
        line.remove(place)
        if not first:
            return
        heads = line.family.heads
        del heads[bisect_left(heads, place)]
        if len(line):
            insort(heads, (*line.head, line))
            return
        self._empty[line] = None
        if line.story is not None:
            self._end(line)
        elif len(self._empty) > EMPTY_MAX:
            self._end(next(iter(self._empty)))

    def line_of(self, name: str) -> Line:
        """Where a contact stands."""
        return self._line_of[name]

    def torn(self) -> list[Line]:
        """Lines that wait for one of the agents they prefer, and were refused by one, whose pause is over."""
        return list(self._torn)

    def wanting(self, agent: str) -> list[Line]:
        """Lines whose contacts wait for this agent."""
        return list(self._wanted.get(agent, ()))

    def equals(self, channel: str, needs: NeedsKey, target: int) -> Iterable[Line]:
        """Lines whose contacts are equal before the law."""
        return (line for line in self._kin.get((channel, needs, target), ()) if len(line))

    def kin(self, line: Line) -> Iterable[Line]:
        """The line itself and all whose contacts are equal to its own, empty ones too."""
        kind = line.kind
        return self._kin[kind.channel, kind.needs, kind.target]

    def of_hold(self, hold: int) -> list[Line]:
        """Lines of one of the four kinds, that somebody waits in."""
        of_hold = [family for family in self._families.values() if family.hold == hold and family.heads]
        return [line for family in of_hold for _, _, line in family.heads]

    def heads_of(self, group: str) -> list[str]:
        """Who stands first in each line of a reserve group, by name."""
        families = [family for family in self._families.values() if family.group == group]
        return sorted(name for family in families for _, name, _ in family.heads)

    def position(self, contact: ContactRecord) -> int:
        """1 for the first of its equals."""
        kin = self.kin(self._line_of[contact.contact])
        return 1 + sum(each.before(contact.rank, contact.contact) for each in kin)

    def first_rank(self, channel: str) -> int | None:
        """The lowest rank that waits on a channel. Costs a look at each family."""
        waited_in = (each for each in self._families.values() if each.channel == channel and each.heads)
        ranks = (family.heads[0][0] for family in waited_in)
        return min(ranks, default=None)

    def ahead(self, channel: str) -> int:
        """How many wait on a channel."""
        return sum(len(line) for line in self._lines.values() if line.channel == channel)

    def shift(self, contact: ContactRecord, now: int) -> None:
        """Its story is another one: the pause of a refuser is over, or the wait for whom it prefers."""
        self.remove(contact)
        self.add(contact, now)

    def __iter__(self) -> Iterator[Line]:
        return (line for family in self._families.values() for _, _, line in family.heads)

    def _begin(self, kind: Kind, needs: Needs) -> Line:
        key, asks = family_of(kind, needs)
        family = self._families.get(key)
        if family is None:
            family = self._families[key] = Family(key, asks)
            if len(self.begun) > 2 * len(self._families) + BEGUN_MIN:
                self.begun = list(self._families.values())
            else:
                self.begun.append(family)
        family.lines += 1
        family.storied += kind.story is not None
        line = self._lines[kind] = Line(kind, needs, family)
        self._kin.setdefault((kind.channel, kind.needs, kind.target), {})[line] = None
        for agent in kind.story.prefers if kind.story else ():
            self._wanted.setdefault(agent, {})[line] = None
        if kind.story and kind.story.prefers and kind.story.past:
            self._torn[line] = None
        return line

    def _end(self, line: Line) -> None:
        kind, family = line.kind, line.family
        del self._lines[kind], self._empty[line]
        family.lines -= 1
        family.storied -= kind.story is not None
        if not family.lines:
            del self._families[family.key]
        _take_out(self._kin, (kind.channel, kind.needs, kind.target), line)
        for agent in kind.story.prefers if kind.story else ():
            _take_out(self._wanted, agent, line)
        self._torn.pop(line, None)


def _take_out(sets: dict[K, dict[Line, None]], key: K, line: Line) -> None:
    lines = sets[key]
    lines.pop(line, None)
    if not lines:
        del sets[key]
