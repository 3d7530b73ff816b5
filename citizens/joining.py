"""Makes two people one and undoes it, as changes for the store. Nothing of either is moved: see `links`."""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import TYPE_CHECKING

from citizens.linking import ONE_EACH
from citizens.links import Link, joined, parted
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from citizens.cabinet import Cabinet, Opened, Person
    from citizens.identifier import Kind
    from citizens.links import Why
    from citizens.record import Record

MEMBERS = 500  # citizens that are one person, at most: what more would be is an error of somebody's


class Unjoinable(Exception):
    """These two cannot be one person. `code`: already_one, contradicts, too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_link(one: str, other: str, why: Why, by: str, at: int) -> Link:
    return Link(f"l-{secrets.token_hex(8)}", one, other, why, by, at)


def join(cabinet: Cabinet, one: Person, other: Person, link: Link, records: dict[str, Record]) -> Change:
    """Both become one; `records` replace some members' own. Raises Unjoinable."""
    if set(one.citizens) & set(other.citizens):
        raise Unjoinable("already_one")
    if len(one.members) + len(other.members) > MEMBERS:
        raise Unjoinable("too_many")
    if any(_differ(one, other, kind) for kind in ONE_EACH):
        raise Unjoinable("contradicts")
    name = f"p-{secrets.token_hex(8)}"
    whole = joined(one.whole, other.whole, link)
    expects: dict[str, bytes | None] = {}
    sets: dict[str, bytes | None] = {}
    for person in (one, other):
        _leave(person, expects, sets)
    _enter(cabinet, (*one.members, *other.members), name, sets, records)
    sets[f"w:{name}"] = cabinet.sealed_whole(name, whole)
    return Change(expects=expects, sets=sets)


def part(cabinet: Cabinet, person: Person, link: str) -> Change:
    """Take one link back. Raises KeyError where this person has no such link."""
    expects: dict[str, bytes | None] = {}
    sets: dict[str, bytes | None] = {}
    _leave(person, expects, sets)
    for side in parted(person.whole, link):
        name = f"p-{secrets.token_hex(8)}" if side.links else ""
        _enter(cabinet, (each for each in person.members if each.citizen in side.members), name, sets)
        if name:
            sets[f"w:{name}"] = cabinet.sealed_whole(name, side)
    return Change(expects=expects, sets=sets)


def _differ(one: Person, other: Person, kind: Kind) -> bool:
    """Whether both proved an identity of this kind, and not the same."""
    mine, theirs = _proved(one, kind), _proved(other, kind)
    return bool(mine and theirs and mine != theirs)


def _proved(person: Person, kind: Kind) -> set[str]:
    held = (each for member in person.members for each in member.record.held)
    return {each.identifier.value for each in held if each.verified and each.identifier.kind == kind}


def _leave(person: Person, expects: dict[str, bytes | None], sets: dict[str, bytes | None]) -> None:
    for member in person.members:
        expects[f"c:{member.citizen}"] = member.raw
    former = person.members[0].whole
    if former:
        expects[f"w:{former}"] = person.raw
        sets[f"w:{former}"] = None


def _enter(
    cabinet: Cabinet, members: Iterable[Opened], name: str, sets: dict[str, bytes | None],
    records: Mapping[str, Record] = MappingProxyType({}),
) -> None:  # fmt: skip
    for member in members:
        record = records.get(member.citizen, member.record)
        sets[f"c:{member.citizen}"] = cabinet.resealed(member, record, name)
