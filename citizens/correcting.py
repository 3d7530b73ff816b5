"""What an officer sets right in a record: an address that others use too, or that is not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from citizens.cabinet import TRIES
from citizens.store import Change

if TYPE_CHECKING:
    from citizens.cabinet import Cabinet, Opened
    from citizens.identifier import Identifier
    from citizens.record import Record


async def share(cabinet: Cabinet, citizen: str, identifier: Identifier, *, shared: bool) -> None:
    """Others use it too, or no longer. Raises UnknownCitizen, KeyError if they never held it."""

    def told(opened: Opened) -> Record:
        held = {each.identifier: each for each in opened.record.held}
        held[identifier] = structs.replace(held[identifier], shared=shared)
        return structs.replace(opened.record, held=tuple(held.values()))

    await cabinet.change(citizen, told)


async def drop(cabinet: Cabinet, citizen: str, identifier: Identifier) -> None:
    """It is not theirs (any more). Raises UnknownCitizen, KeyError if they never held it."""
    name, index = f"c:{citizen}", cabinet.index.name(identifier)
    for _ in range(TRIES):
        opened = await cabinet.open(citizen)
        left = tuple(each for each in opened.record.held if each.identifier != identifier)
        if len(left) == len(opened.record.held):
            raise KeyError(identifier.kind)
        fresh = cabinet.resealed(opened, structs.replace(opened.record, held=left))
        change = Change(expects={name: opened.raw}, sets={name: fresh}, drops=[(index, citizen)])
        if await cabinet.store.swap(change):
            return
    raise ConnectionError("the record of this citizen changes too fast")
