"""A yes given or taken back: written to the record and to the journey at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from msgspec import structs

from citizens.consent import withdrawn
from citizens.journey import Happened

if TYPE_CHECKING:
    from citizens.cabinet import Cabinet, Opened
    from citizens.consent import Consent, Purpose
    from citizens.journey import What
    from citizens.record import Record


async def give(cabinet: Cabinet, citizen: str, consent: Consent) -> None:
    """The same yes twice is one. Raises UnknownCitizen."""

    def given(opened: Opened) -> Record | None:
        if consent in opened.record.consents:
            return None
        return structs.replace(opened.record, consents=(*opened.record.consents, consent))

    await cabinet.change(citizen, given, _happened("consented", consent.at, consent.purpose, consent.agency))


async def withdraw(cabinet: Cabinet, citizen: str, purpose: Purpose, by: str, agency: str, now: int) -> None:
    """Through whichever of their identities it was given. Raises UnknownCitizen."""

    def taken(opened: Opened) -> Record | None:
        left = withdrawn(opened.record.consents, purpose, now, agency)
        return None if left == opened.record.consents else structs.replace(opened.record, consents=left)

    for member in (await cabinet.person(citizen)).members:
        await cabinet.change(member.citizen, taken, _happened("withdrew", now, purpose, agency, by))


def _happened(what: What, at: int, purpose: str, agency: str, by: str = "") -> Happened:
    return Happened(
        f"x-{secrets.token_hex(8)}", at, what, about=f"{purpose}:{agency}", agency=agency, agent=by,
        reason=purpose,
    )  # fmt: skip
