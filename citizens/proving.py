"""What a proof given during a contact does: it is written down, and may show that two citizens are one.

It is decided on what was read and written only if nobody changed that meanwhile: two who prove the same at
once do not slip past each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from citizens.cabinet import TRIES
from citizens.identifier import PERSONAL
from citizens.joining import Unjoinable, join, new_link
from citizens.linking import judge
from citizens.recognising import holder, readable, whole
from citizens.record import holding
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citizens.cabinet import Cabinet, Person
    from citizens.claim import Claim
    from citizens.linking import Verdict
    from citizens.links import Why
    from citizens.record import Record
    from citizens.store import Indexed

JOINS: dict[str, Why] = {
    "email": "proved_email",
    "beneficiary": "proved_beneficiary",
    "franceconnect": "proved_franceconnect",
    "handle": "proved_handle",
}


async def prove(cabinet: Cabinet, citizen: str, proofs: Sequence[Claim], now: int) -> Verdict:
    """`citizen` holds these from now on, and is one with whoever proved them before, if the rules say so.

    Raises UnknownCitizen.
    """
    names = [cabinet.index.name(claim.identifier) for claim in proofs]
    for _ in range(TRIES):
        person = await cabinet.person(citizen)
        found = await cabinet.store.indexed(names)
        record = holding(person.members[0].record, tuple(proofs), now)
        change, verdict = await _change(cabinet, person, record, proofs, found, now)
        held = {name: each.entry or None for name, each in zip(names, found, strict=True)}
        claim = structs.replace(
            change, expects=change.expects | held, holds={name: f"{citizen}!" for name in names}
        )
        if await cabinet.store.swap(claim):
            return verdict
    raise ConnectionError("the record of this citizen changes too fast")


async def _change(
    cabinet: Cabinet,
    person: Person,
    record: Record,
    proofs: Sequence[Claim],
    found: Sequence[Indexed],
    now: int,
) -> tuple[Change, Verdict]:
    """The record, and the link where there is one to draw."""
    asked = person.members[0]
    known = readable(cabinet, found)
    known |= await whole(cabinet, known.values())
    others = [holder(each) for name, each in known.items() if name not in person.citizens]
    verdict = judge(proofs, others)
    if verdict.citizen is not None:
        other = await cabinet.person(verdict.citizen)
        best = next(each for each in proofs if _holds(known[verdict.citizen].record, each))
        link = new_link(asked.citizen, verdict.citizen, JOINS[best.identifier.kind], "register", now)
        mine = structs.replace(person, members=(structs.replace(asked, record=record), *person.members[1:]))
        try:
            return join(cabinet, mine, other, link, {asked.citizen: record}), verdict
        except Unjoinable:
            verdict = structs.replace(verdict, citizen=None, sure=False, why="contested")
    name = f"c:{asked.citizen}"
    return Change(expects={name: asked.raw}, sets={name: cabinet.resealed(asked, record)}), verdict


def _holds(record: Record, proof: Claim) -> bool:
    return PERSONAL[proof.identifier.kind] and any(
        each.identifier == proof.identifier and each.verified for each in record.held
    )
