"""Writes what happened into journeys: many citizens in one reading and one writing of the store.

A happening that was told before is known and changes nothing. Whoever cannot be written holds nobody else up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citizens.cabinet import TRIES, UnknownCitizen, entry
from citizens.keyring import VaultError
from citizens.record import remembered
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from citizens.cabinet import Cabinet
    from citizens.journey import Happened
    from citizens.record import Record

STEPS = 16  # happenings that one log entry may tell of a citizen
_TOLD = re.compile(r"([a-z0-9_-]+):(\d+):(\d+)")  # pool, log entry, step: the id of what the log tells

Fault = UnknownCitizen | VaultError


async def note(cabinet: Cabinet, happenings: Mapping[str, Sequence[Happened]]) -> dict[str, Fault]:
    """By citizen, in order. Returns who could not be written, and why; all others are written by then."""
    left, faults = dict(happenings), dict[str, Fault]()
    for _ in range(TRIES):
        names = list(left)
        changes: dict[str, Change] = {}
        for citizen, raw in zip(names, await cabinet.store.get([f"c:{name}" for name in names]), strict=True):
            try:
                change = _change(cabinet, citizen, raw, left[citizen])
            except (UnknownCitizen, VaultError) as fault:
                faults[citizen] = fault
            else:
                if change is not None:
                    changes[citizen] = change
        done = await cabinet.store.swaps(list(changes.values()))
        left = {name: left[name] for name, taken in zip(changes, done, strict=True) if not taken}
        if not left:
            return faults
    raise ConnectionError("the records of these citizens change too fast")


def _change(
    cabinet: Cabinet, citizen: str, raw: bytes | None, happenings: Sequence[Happened]
) -> Change | None:
    if raw is None:
        raise UnknownCitizen(citizen)
    opened = cabinet.opened(citizen, raw)
    record, fresh = opened.record, []
    for happened in happenings:
        after = _after(record, happened)
        if after is not None:
            record = after
            fresh.append(entry(opened.key, happened))
    if not fresh:
        return None
    name = f"c:{citizen}"
    return Change(
        expects={name: raw}, sets={name: cabinet.resealed(opened, record)}, pushes={f"j:{citizen}": fresh}
    )


def _after(record: Record, happened: Happened) -> Record | None:
    """None: it was told before."""
    found = _TOLD.fullmatch(happened.id)
    if found is None:
        return remembered(record, happened)
    pool, number = found[1], int(found[2]) * STEPS + int(found[3])
    if number <= record.told.get(pool, 0):
        return None
    return remembered(record, happened, (pool, number))
