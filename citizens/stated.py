"""Facts that agencies state of a citizen, beside each other: which are old, which contradict. Pure.

Nothing is corrected and nothing chosen: who is right is for people to find out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["family", "address", "income"]
Words = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$(?!\n)")]
Plain = bool | int | float | Words | None
DAY = 86_400_000_000  # microseconds
TOLERANCE = 86_400_000_000  # a fact dated later than tomorrow is dated wrongly


class Fact(Struct, frozen=True):
    """One thing that an agency states. The values are personal: they show in no `repr`."""

    kind: Kind
    values: dict[Name, Plain]
    at: int  # microseconds since 1970: as of when it is true
    source: str  # the agency
    purposes: tuple[str, ...] = ()  # what it may be used for; none given: what it was asked for

    def __repr__(self) -> str:
        return f"Fact({self.kind}, {self.source})"


class Judged(Struct, frozen=True):
    """A fact and what is odd in it. `against`: agencies that state otherwise, `about` which names."""

    fact: Fact
    age_days: int
    stale: bool
    misdated: bool
    against: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


def judge(facts: Sequence[Fact], now: int, fresh_days: Mapping[str, int]) -> tuple[Judged, ...]:
    """In the order given. `fresh_days` by source."""
    return tuple(_judged(fact, facts, now, fresh_days.get(fact.source, 365)) for fact in facts)


def usable(fact: Fact, purpose: str) -> bool:
    """Whether its source lets it be used for this."""
    return not fact.purposes or purpose in fact.purposes


def _judged(fact: Fact, facts: Sequence[Fact], now: int, fresh_days: int) -> Judged:
    others = [each for each in facts if each.kind == fact.kind and each is not fact]
    differing = [(each.source, _differ(fact, each)) for each in others]
    against = tuple(dict.fromkeys(source for source, names in differing if names))
    about = tuple(sorted({name for _, names in differing for name in names}))
    age = max(0, now - fact.at)
    return Judged(fact, age // DAY, age > fresh_days * DAY, fact.at > now + TOLERANCE, against, about)


def _differ(one: Fact, other: Fact) -> set[str]:
    """Names that both give, with different values. What only one gives contradicts nothing."""
    both = set(one.values) & set(other.values)
    return {name for name in both if _same(one.values[name]) != _same(other.values[name])}


def _same(value: Plain) -> object:
    """Two ways of writing a thing are one: capitals, accents' form, blanks, 3 and 3.0 and "3"."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    try:
        return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else text
    except ValueError:
        return text
