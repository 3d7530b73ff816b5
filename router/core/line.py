"""One kind's waiting contacts, in order of rank; and the family of such lines.

Contacts of one kind are equal before the law (channel, needs, target) and have the same story: who brought
them, who refused them and whom they wait for. So whoever may take the head of a line may take any of it, and
a thousand contacts that one agent refused are one line to pass over. Lines whose contacts an agent is worth
the same to, for they ask for the same skills, are a family: its heads are kept in order of rank, so the first
that suits is the best. A line never knows agents.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, NamedTuple

from router.core.ladder import rung
from router.core.needs import NeedsKey, needs_key
from router.core.pace import group_of as pace_group

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord

FREE, HELD, PRESSED, FRONT = 0, 1, 2, 3  # as usual; may be held back; not in time else; by a supervisor's act

SPENT_MAX = 512  # places of contacts who left at the head, before the list is cut


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
        "asks", "channel", "group", "heads", "hold", "key", "lines", "names", "paced_as", "storied", "target",
        "via", "way",
    )  # fmt: skip

    def __init__(self, key: FamilyKey, asks: Needs) -> None:
        self.key = key
        self.channel, self.target, self.group, self.via, self.hold, _ = key
        self.way = (self.channel, self.hold)
        self.asks = asks  # the least that any line of it may ask for
        self.names = frozenset(asks[0]) if len(asks) == 1 else None
        self.paced_as = pace_group(self.channel, asks)
        self.lines = 0  # how many are known, empty ones too
        self.storied = 0  # how many of them have a story
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
    """Everything beside its kind that `may.barred` looks at: leave nothing out."""
    prefers = contact.prefers if contact.prefers_until > now else ()
    refusals = sorted(contact.refusals.items())
    paused = tuple(agent for agent, end in refusals if end > now)
    past = tuple(agent for agent, end in refusals if end <= now)
    if not (prefers or paused or past):
        return None
    return Story(prefers, bool(prefers) and contact.direct is not None, paused, past)


def family_of(kind: Kind, needs: Needs) -> tuple[FamilyKey, Needs]:
    """The family such a kind's line belongs to, and the least that any line of it may ask for."""
    asks = (dict.fromkeys(sorted(needs[0]), 1),) if len(needs) == 1 else needs
    key = tuple(asks[0]) if len(needs) == 1 else kind.needs
    return (kind.channel, kind.target, kind.group, kind.via, kind.hold, key), asks
