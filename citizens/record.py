"""What is kept of one citizen, and the short memory of their last contacts. Pure; stored sealed only."""

from __future__ import annotations

from msgspec import Struct, structs

from citizens.claim import Claim, Held
from citizens.consent import Consent
from citizens.identifier import PERSONAL
from citizens.journey import Happened
from citizens.preferences import Preferences

RECENT = 8  # contacts that the short memory holds


class Recent(Struct, frozen=True, array_like=True):
    """One contact in the short memory."""

    contact: str
    at: int  # microseconds since 1970
    topic: str = ""
    agent: str = ""
    cut: bool = False
    over: bool = False


class Vulnerable(Struct, frozen=True, array_like=True):
    """Somebody who may say so found this citizen vulnerable. Never a guess, never the citizen's own word."""

    at: int
    by: str
    cause: str  # closed code of the agency


class Record(Struct, frozen=True, array_like=True):
    """One citizen. New fields go to the end: older records are read with their defaults."""

    met_at: int
    seen_at: int
    held: tuple[Held, ...] = ()
    name: str = ""  # as they write it, in any script
    preferences: Preferences = Preferences()
    consents: tuple[Consent, ...] = ()
    vulnerable: Vulnerable | None = None
    recent: tuple[Recent, ...] = ()  # oldest first
    language: str = ""  # spoken last
    told: dict[str, int] = {}  # pool -> the last log entry that is in the journey
    kept: tuple[str, ...] = ()  # names of what other parts keep, each sealed by itself

    @property
    def known(self) -> bool:
        """Whether anything that says who this is was ever proved."""
        return any(held.verified and PERSONAL[held.identifier.kind] for held in self.held)


def holding(record: Record, claims: tuple[Claim, ...], now: int) -> Record:
    """The record with these claims. A proof outweighs a claim; a claim takes nothing away from a proof."""
    held = {each.identifier: each for each in record.held}
    for claim in claims:
        former = held.get(claim.identifier)
        if former is None or claim.verified or not former.verified:
            shared = former is not None and former.shared
            held[claim.identifier] = Held(claim.identifier, claim.how, now, shared)
    return structs.replace(record, held=tuple(held.values()), seen_at=max(record.seen_at, now))


def came(record: Record, contact: str, now: int) -> Record:
    """The record with a contact whose journey is still to be told: what the vault keeps of it is theirs."""
    if not contact or any(each.contact == contact for each in record.recent):
        return record
    return structs.replace(record, recent=(*record.recent, Recent(contact, now))[-RECENT:])


def remembered(record: Record, happened: Happened, told: tuple[str, int] | None = None) -> Record:
    """The record after this. `told`: pool and number of the log entry that it came from."""
    recent = {each.contact: each for each in record.recent}
    contact = happened.contact
    if happened.what == "asked" and contact:
        recent[contact] = Recent(contact, happened.at, happened.topic)
    elif contact in recent:
        recent[contact] = _after(recent[contact], happened)
    return structs.replace(
        record,
        recent=tuple(recent.values())[-RECENT:],
        seen_at=max(record.seen_at, happened.at),
        language=happened.language or record.language,
        told=record.told if told is None else record.told | {told[0]: told[1]},
    )


def _after(recent: Recent, happened: Happened) -> Recent:
    match happened.what:
        case "accepted":
            return structs.replace(recent, agent=happened.agent)
        case "ended":
            return structs.replace(recent, over=True)
        case "gone":
            return structs.replace(recent, over=True, cut=happened.reason == "lost")
    return recent
