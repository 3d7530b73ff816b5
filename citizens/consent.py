"""What a citizen agreed to: per purpose and, for sharing, per agency; with its proof; and taken back. Pure.

No consent is presumed: silence, an old withdrawal and an expired consent all say no.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, structs

Purpose = Literal["contact_by_email", "contact_by_sms", "contact_by_voice", "share", "record", "proactive"]
PURPOSES: dict[Purpose, str] = {
    "contact_by_email": "we may write to them by e-mail of our own accord",
    "contact_by_sms": "we may send them text messages",
    "contact_by_voice": "we may ring them of our own accord",
    "share": "their case may be handed over to one other agency, which is named",
    "record": "their conversations may be recorded",
    "proactive": "we may look for rights they did not ask for",
}
Proof = Literal["said", "keyed", "ticked", "signed", "paper"]


class Consent(Struct, frozen=True, omit_defaults=True):
    """One yes. `reference`: the contact, document or recording in which it was given."""

    purpose: Purpose
    at: int  # microseconds since 1970
    proof: Proof
    reference: str
    by: str  # pseudonym or role of who recorded it; `citizen` if they did themselves
    agency: str = ""  # for `share`: with whom
    until: int | None = None  # microseconds since 1970; None: until withdrawn
    withdrawn_at: int | None = None

    def stands(self, now: int) -> bool:
        """Whether it may be relied on now."""
        return self.withdrawn_at is None and self.at <= now and (self.until is None or now < self.until)


def agrees(consents: tuple[Consent, ...], purpose: Purpose, now: int, agency: str = "") -> bool:
    """Whether there is a yes to this, for this agency."""
    return any(each.purpose == purpose and each.agency == agency and each.stands(now) for each in consents)


def withdrawn(
    consents: tuple[Consent, ...], purpose: Purpose, now: int, agency: str = ""
) -> tuple[Consent, ...]:
    """The same with every standing yes to this taken back; what was given stays on record."""
    return tuple(
        structs.replace(each, withdrawn_at=now)
        if (each.purpose, each.agency) == (purpose, agency) and each.withdrawn_at is None
        else each
        for each in consents
    )
