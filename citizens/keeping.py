"""Small things of other parts (facts, the key of a chat), each sealed under the citizen's key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from citizens.cabinet import TRIES
from citizens.store import Change

if TYPE_CHECKING:
    from citizens.cabinet import Cabinet

KEPT = re.compile(r"[a-z0-9_-]{1,40}(:[a-z0-9_-]{1,40})?")


async def keep(cabinet: Cabinet, citizen: str, name: str, value: bytes) -> None:
    """In place of what had this name. Raises UnknownCitizen."""
    if not KEPT.fullmatch(name):
        raise ValueError("a name is up to 40 of a-z 0-9 _ -, a second such part may follow a colon")
    for _ in range(TRIES):
        opened = await cabinet.open(citizen)
        names = tuple(dict.fromkeys((*opened.record.kept, name)))
        sets: dict[str, bytes | None] = {
            f"c:{citizen}": cabinet.resealed(opened, structs.replace(opened.record, kept=names)),
            f"k:{citizen}:{name}": opened.key.seal(f"kept {name}", value),
        }
        if await cabinet.store.swap(Change(expects={f"c:{citizen}": opened.raw}, sets=sets)):
            return
    raise ConnectionError("the record of this citizen changes too fast")


async def kept(cabinet: Cabinet, citizen: str, name: str) -> bytes | None:
    """What is kept of this person under this name, None if nothing. Raises UnknownCitizen."""
    having = [each for each in (await cabinet.person(citizen)).members if name in each.record.kept]
    raws = await cabinet.store.get([f"k:{each.citizen}:{name}" for each in having])
    for member, raw in zip(having, raws, strict=True):
        if raw is not None:
            return member.key.open(f"kept {name}", raw)
    return None
