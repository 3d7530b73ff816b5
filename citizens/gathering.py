"""Brings together what is kept of one person under all their identities: journey, contacts, small things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citizens.cabinet import entries
from citizens.elsewhere import Theirs
from citizens.journey import journey_of

if TYPE_CHECKING:
    from citizens.cabinet import Cabinet, Person
    from citizens.journey import Journey


async def journey(cabinet: Cabinet, person: Person) -> Journey:
    """All that happened with them, whichever of their identities they came with."""
    lines = await cabinet.store.lists([f"j:{each}" for each in person.citizens])
    kept = [entries(member, own) for member, own in zip(person.members, lines, strict=True)]
    return journey_of(person.members[0].citizen, [each for own in kept for each in own])


async def theirs(cabinet: Cabinet, person: Person) -> Theirs:
    """As far as other rooms need it, and for an export."""
    told = await journey(cabinet, person)
    return Theirs(person.citizens, contacts_of(person, told), told, await _kept(cabinet, person))


def contacts_of(person: Person, told: Journey) -> tuple[str, ...]:
    """Every contact of theirs, also one of which the journey is still to be told."""
    in_journey = {each.contact for each in told.entries}
    come = {each.contact for member in person.members for each in member.record.recent}
    return tuple(sorted((in_journey | come) - {""}))


async def _kept(cabinet: Cabinet, person: Person) -> dict[str, bytes]:
    """By name; of two identities that keep the same the first."""
    found: dict[str, bytes] = {}
    for each in person.members:
        raws = await cabinet.store.get([f"k:{each.citizen}:{name}" for name in each.record.kept])
        for name, raw in zip(each.record.kept, raws, strict=True):
            if raw is not None:
                found.setdefault(name, each.key.open(f"kept {name}", raw))
    return found
