"""The waiting lines: one per kind of contact, each in order of rank.

Contacts of one kind are equal before the law (channel, needs, target) and have the same story: who brought
them, who refused them and whom they wait for. So whoever may take the head of a line may take any of it, and
a thousand contacts that one agent refused are one line to pass over. Lines whose contacts an agent is worth
the same to, for they ask for the same skills, are a family: its heads are kept in order of rank, so the first
that suits is the best. A line never knows agents.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from router.core.ladder import rung
from router.core.needs import NeedsKey, needs_key
from router.core.pace import group_of as pace_group

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord

K = TypeVar("K")

FREE, HELD, PRESSED, FRONT = 0, 1, 2, 3  # as usual; may be held back; not in time else; by a supervisor's act

SPENT_MAX = 512  # places of contacts who left at the head, before the list is cut
BEGUN_MIN = 64  # families that are over, before they are no longer looked at
EMPTY_MAX = 256  # lines kept though nobody waits: to sort a kind in anew costs more than to know it


class Story(NamedTuple):
    """What bars some agents from a contact, beside its kind."""

    prefers: tuple[str, ...]  # for these agents alone, while one of them is worth waiting for
    direct: bool
    paused: tuple[str, ...]  # refused it, and their pause lasts
    past: tuple[str, ...]  # refused it, and their pause is over


class Asked(NamedTuple):
    """What decides who may take a contact, but for its own story and the reserve group that is kept out."""

    channel: str
    via: str
    needs: NeedsKey
    shut: str = ""


class Kind(NamedTuple):
    """What makes two contacts equal to whoever may take one of them."""

    channel: str
    needs: NeedsKey
    target: int  # a rung
    group: str  # the reserve group that may keep some agents from it
    via: str
    hold: int  # FREE, HELD or PRESSED: what becomes of work with a due time (`reserve`)
    story: Story | None


class Line:
    """One kind's waiting contacts."""

    __slots__ = ("_places", "_spent", "asked", "channel", "family", "group", "key", "kind", "needs", "story")

    def __init__(self, kind: Kind, needs: Needs, family: Family) -> None:
        self.kind = kind
        self.family = family
        self.channel = kind.channel
        self.needs = needs
        self.key = kind.needs
        self.group = kind.group
        self.story = kind.story
        self.asked = Asked(kind.channel, kind.via, kind.needs)
        self._places: list[tuple[int, str]] = []  # (rank, contact), sorted; the first `_spent` have left
        self._spent = 0

    @property
    def places(self) -> list[tuple[int, str]]:
        """Everybody, in order."""
        return self._places[self._spent :]

    @property
    def head(self) -> tuple[int, str]:
        """Who is first. The line is not empty."""
        return self._places[self._spent]

    @property
    def second(self) -> tuple[int, str]:
        """Who comes after the head. There is one."""
        return self._places[self._spent + 1]

    @property
    def last(self) -> tuple[int, str]:
        """Who is last. The line is not empty."""
        return self._places[-1]

    def __len__(self) -> int:
        return len(self._places) - self._spent

    def before(self, rank: int, name: str) -> int:
        """How many stand before such a place."""
        return bisect_left(self._places, (rank, name), self._spent) - self._spent

    def add(self, place: tuple[int, str]) -> None:
        insort(self._places, place, self._spent)

    def remove(self, place: tuple[int, str]) -> None:
        """Whoever leaves at the head is only passed over: a long list is not moved for each of them."""
        if place != self._places[self._spent]:
            del self._places[bisect_left(self._places, place, self._spent)]
            return
        self._spent += 1
        if self._spent > SPENT_MAX and 2 * self._spent > len(self._places):
            del self._places[: self._spent]
            self._spent = 0


class Family:
    """Lines of one channel and target that ask for the same skills, at whatever minimums.

    For needs with alternatives, those that ask for exactly the same: there fit depends on the minimums too.
    """

    __slots__ = (
        "asks", "channel", "group", "heads", "hold", "key", "lines", "names", "paced_as", "target", "via",
    )  # fmt: skip

    def __init__(self, key: FamilyKey, asks: Needs) -> None:
        self.key = key
        self.channel, self.target, self.group, self.via, self.hold, _ = key
        self.asks = asks  # the least that any line of it may ask for
        self.names = frozenset(asks[0]) if len(asks) == 1 else None
        self.paced_as = pace_group(self.channel, asks)
        self.lines = 0  # how many are known, empty ones too
        self.heads: list[tuple[int, str, Line]] = []  # rank, contact: the first of each line, sorted


FamilyKey = tuple[str, int, str, str, int, object]


def kind_of(contact: ContactRecord, now: int) -> Kind:
    """The kind a contact now belongs to; a relaxed need, a refusal, the end of a pause moves it."""
    return Kind(
        contact.channel,
        needs_key(contact.needs),
        rung(contact.target),
        contact.group,
        contact.via,
        hold_of(contact),
        story_of(contact, now) if contact.refusals or contact.prefers else None,
    )


def hold_of(contact: ContactRecord) -> int:
    """In which of four kinds of line it stands."""
    if contact.moved is not None and contact.moved.front:
        return FRONT
    if contact.pressed:
        return PRESSED
    return FREE if contact.due_at is None else HELD


def story_of(contact: ContactRecord, now: int) -> Story | None:
    """Everything beside its kind that `matching.barred` looks at: leave nothing out."""
    prefers = contact.prefers if contact.prefers_until > now else ()
    refusals = sorted(contact.refusals.items())
    paused = tuple(agent for agent, end in refusals if end > now)
    past = tuple(agent for agent, end in refusals if end <= now)
    if not (prefers or paused or past):
        return None
    return Story(prefers, bool(prefers) and contact.direct is not None, paused, past)


def _family_of(kind: Kind, needs: Needs) -> tuple[FamilyKey, Needs]:
    asks = (dict.fromkeys(sorted(needs[0]), 1),) if len(needs) == 1 else needs
    key = tuple(asks[0]) if len(needs) == 1 else kind.needs
    return (kind.channel, kind.target, kind.group, kind.via, kind.hold, key), asks


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

    def of_hold(self, hold: int) -> list[Line]:
        """Lines of one of the four kinds, that somebody waits in."""
        of_hold = [family for family in self._families.values() if family.hold == hold and family.heads]
        return [line for family in of_hold for _, _, line in family.heads]

    def position(self, contact: ContactRecord) -> int:
        """1 for the first of its equals."""
        line = self._line_of[contact.contact]
        kind = line.kind
        kin = self._kin[kind.channel, kind.needs, kind.target]
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
        key, asks = _family_of(kind, needs)
        family = self._families.get(key)
        if family is None:
            family = self._families[key] = Family(key, asks)
            if len(self.begun) > 2 * len(self._families) + BEGUN_MIN:
                self.begun = list(self._families.values())
            else:
                self.begun.append(family)
        family.lines += 1
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
