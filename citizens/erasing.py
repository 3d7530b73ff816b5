"""Destroys the keys of one person and all that they opened: by an officer's word, or when their time is over.

The log keeps pseudonyms that lead nowhere; the access log keeps who asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens import gathering
from citizens.cabinet import TRIES
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citizens.cabinet import Cabinet, Person
    from citizens.elsewhere import Elsewhere
    from citizens.vault import Vault


class Erased(Struct, frozen=True):
    """Whom it concerned, and how many of their contacts had records."""

    citizens: tuple[str, ...]
    contacts: int


async def erase(cabinet: Cabinet, vault: Vault, rooms: Sequence[Elsewhere], citizen: str) -> Erased:
    """Raises UnknownCitizen."""
    for _ in range(TRIES):
        person = await cabinet.person(citizen)
        contacts = await destroy(cabinet, vault, rooms, person)
        if contacts is not None:
            await cabinet.store.compact()
            return Erased(person.citizens, contacts)
    raise ConnectionError("the record of this citizen changes too fast")


async def destroy(cabinet: Cabinet, vault: Vault, rooms: Sequence[Elsewhere], person: Person) -> int | None:
    """How many contacts had records; None: this person was changed meanwhile, look again.

    The keys go last: cut short anywhere, whoever asked for it can ask again.
    """
    theirs = await gathering.theirs(cabinet, person)
    for room in rooms:
        await room.erased(theirs)
    for contact in theirs.contacts:
        await vault.destroy(contact)
    return len(theirs.contacts) if await cabinet.store.swap(_gone(cabinet, person)) else None


def _gone(cabinet: Cabinet, person: Person) -> Change:
    """Every key and value of this person, and every way to them."""
    expects: dict[str, bytes | None] = {f"c:{each.citizen}": each.raw for each in person.members}
    sets: dict[str, bytes | None] = {f"c:{each.citizen}": None for each in person.members}
    if person.raw is not None:
        whole = person.members[0].whole
        expects[f"w:{whole}"], sets[f"w:{whole}"] = person.raw, None
    drops = []
    for each in person.members:
        sets[f"j:{each.citizen}"] = None
        sets |= {f"k:{each.citizen}:{name}": None for name in each.record.kept}
        drops += [(cabinet.index.name(held.identifier), each.citizen) for held in each.record.held]
    return Change(expects=expects, sets=sets, drops=drops, due=dict.fromkeys(person.citizens))
