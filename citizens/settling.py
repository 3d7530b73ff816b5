"""Writes down who was met: a new citizen or one more contact of somebody's, and what is known of the contact.

Repeating it is harmless. For somebody new it is one round trip, beside which the Contact may be appended.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from citizens.cabinet import UnknownCitizen
from citizens.key import Key
from citizens.proving import prove
from citizens.record import Record, came, holding
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citizens.cabinet import Cabinet
    from citizens.claim import Claim
    from citizens.identifier import Identifier
    from citizens.met import Met
    from citizens.vault import Vault

CLAIMS = 16  # of one contact are looked at
DAY_S = 86_400  # whoever is met is looked at a day later for the first time: see `retention`
Sealed = tuple[str, dict[str, Any] | None, int]  # contact, its record for the vault, seconds


async def settle(
    cabinet: Cabinet, vault: Vault, met: Met, claims: Sequence[Claim], sealed: Sealed, now: int
) -> None:
    """`claims`: distinct."""
    contact, record, ttl_s = sealed
    hints, proofs = hints_of(claims), [claim for claim in claims if claim.verified]

    async def keep(under: Key | None) -> None:
        if contact and record is not None:
            await vault.put(contact, record, ttl_s, under)

    if met.why != "proved":
        key = Key(met.citizen)
        made, _ = await asyncio.gather(_new(cabinet, key, hints, contact, now), keep(key))
        if not made:  # settled before, under a key that is not this one
            await keep((await cabinet.open(met.citizen)).key)
    else:
        try:
            await claim(cabinet, met.citizen, hints, contact, now)
            await keep((await cabinet.open(met.citizen)).key)
        except UnknownCitizen:  # erased a moment ago, and stays so: the contact is nobody's
            await keep(None)
            return
    if proofs:
        await prove(cabinet, met.citizen, proofs, now)


async def claim(cabinet: Cabinet, citizen: str, hints: tuple[Claim, ...], contact: str, now: int) -> None:
    """What proves nothing, and the contact. Raises UnknownCitizen."""
    await cabinet.change(
        citizen,
        lambda opened: came(holding(opened.record, hints, now), contact, now),
        holds=_holds(cabinet, citizen, hints),
    )


def distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Each identifier once, by the best that was shown."""
    best: dict[Identifier, Claim] = {}
    for each in claims[:CLAIMS]:
        if each.identifier not in best or each.verified:
            best[each.identifier] = each
    return list(best.values())


def hints_of(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(each for each in claims if not each.verified)


async def _new(cabinet: Cabinet, key: Key, hints: tuple[Claim, ...], contact: str, now: int) -> bool:
    """Somebody met for the first time. False: they were settled before."""
    name = f"c:{key.citizen}"
    record = came(holding(Record(now, now), hints, now), contact, now)
    change = Change(
        expects={name: None},
        sets={name: cabinet.sealed(key, record)},
        holds=_holds(cabinet, key.citizen, hints),
        due={key.citizen: now // 1_000_000 + DAY_S},
    )
    return await cabinet.store.swap(change)


def _holds(cabinet: Cabinet, citizen: str, hints: tuple[Claim, ...]) -> dict[str, str]:
    """For the index. An entry that says `proved` stays so."""
    return {cabinet.index.name(each.identifier): f"{citizen}?" for each in hints}
