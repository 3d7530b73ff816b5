"""Everything kept of one person, readable, from every room: what they have a right to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from citizens import gathering
from citizens.cabinet import Person
from citizens.journey import Journey
from citizens.store import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from citizens.cabinet import Cabinet
    from citizens.elsewhere import Elsewhere
    from citizens.vault import Vault

SEEN_MOST = 10_000  # lines of the access log that an export holds for each citizen


class Export(Struct, frozen=True):
    """Everything kept of one person."""

    person: Person
    journey: Journey
    contacts: dict[str, dict[str, Any]]  # what the vault still has of their contacts
    kept: dict[str, bytes]  # of other parts: JSON
    elsewhere: dict[str, Any]  # chats, letters, notices …
    seen: list[Seen]


async def export(cabinet: Cabinet, vault: Vault, rooms: Sequence[Elsewhere], person: Person) -> Export:
    """What a room owns is exported by the room."""

    def others(names: Iterable[str]) -> list[str]:
        return [name for name in names if not any(room.owns(name) for room in rooms)]

    theirs = await gathering.theirs(cabinet, person)
    records = {name: await vault.get(name) for name in others(theirs.contacts)}
    elsewhere: dict[str, Any] = {}
    for room in rooms:
        elsewhere |= await room.export(theirs)
    return Export(
        person,
        theirs.journey,
        {name: record for name, record in records.items() if record is not None},
        {name: theirs.kept[name] for name in others(theirs.kept)},
        elsewhere,
        [seen for each in person.citizens for _, seen in await cabinet.store.seen(each, "", SEEN_MOST)],
    )
