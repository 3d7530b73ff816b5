"""The waiting lines: one per kind of contact, each in order of rank.

Contacts of one kind have equal channel, needs and target, so only a line's first suitable contact can be
next (law 5). A line never knows agents.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from router.core.needs import NeedsKey, needs_key

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord


class Kind(NamedTuple):
    """What makes two contacts equal before the law."""

    channel: str
    needs: NeedsKey
    target: int
    group: str = ""  # the reserve group that may keep some agents from it


class Line:
    """One kind's waiting contacts."""

    __slots__ = ("channel", "group", "key", "needs", "places")

    def __init__(self, kind: Kind, needs: Needs) -> None:
        self.channel = kind.channel
        self.needs = needs
        self.key = kind.needs
        self.group = kind.group
        self.places: list[tuple[int, str]] = []  # (rank, contact), sorted

    def before(self, rank: int, name: str) -> int:
        """How many stand before such a place."""
        return bisect_left(self.places, (rank, name))


def kind_of(contact: ContactRecord) -> Kind:
    """The kind a contact now belongs to; a relaxed need moves it to another."""
    return Kind(contact.channel, needs_key(contact.needs), contact.target, contact.group)


class Lines:
    """All lines. Empty ones are dropped."""

    def __init__(self) -> None:
        self._lines: dict[Kind, Line] = {}

    def add(self, contact: ContactRecord) -> None:
        """Put a contact at its rank."""
        kind = kind_of(contact)
        line = self._lines.get(kind)
        if line is None:
            line = self._lines[kind] = Line(kind, contact.needs)
        insort(line.places, (contact.rank, contact.contact))

    def remove(self, contact: ContactRecord) -> None:
        """Take a contact out; its needs and rank must be those it was added with."""
        kind = kind_of(contact)
        places = self._lines[kind].places
        del places[bisect_left(places, (contact.rank, contact.contact))]
        if not places:
            del self._lines[kind]

    def position(self, contact: ContactRecord) -> int:
        """1 for the first in its line."""
        return bisect_left(self._lines[kind_of(contact)].places, (contact.rank, contact.contact)) + 1

    def first_rank(self, channel: str) -> int | None:
        """The lowest rank that waits on a channel. Costs a look at the head of each line."""
        ranks = (line.places[0][0] for line in self._lines.values() if line.channel == channel)
        return min(ranks, default=None)

    def ahead(self, channel: str) -> int:
        """How many wait on a channel."""
        return sum(len(line.places) for line in self._lines.values() if line.channel == channel)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines.values())
