"""The parts of a citizen that a client may read: an identifier, a link, a consent; instants in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.claim import HOWS
from citizens.spelling import odd
from router.api.views import instant

if TYPE_CHECKING:
    from citizens.claim import Held
    from citizens.consent import Consent
    from citizens.links import Link


class HeldView(Struct, frozen=True, omit_defaults=True):
    """`value` in full or its last signs. `odd`: its letters may deceive a reader."""

    kind: str
    value: str
    how: str
    why: str
    verified: bool
    at: float
    citizen: str
    shared: bool = False
    odd: str = ""


class LinkView(Struct, frozen=True):
    """Why two citizens are one person; `split` takes it back by its id."""

    link: str
    one: str
    other: str
    why: str
    by: str
    at: float


class VulnerableView(Struct, frozen=True):
    at: float
    by: str
    cause: str


class ConsentView(Struct, frozen=True, omit_defaults=True):
    """One yes, and whether it was taken back."""

    purpose: str
    at: float
    proof: str
    reference: str
    by: str
    agency: str = ""
    until: float | None = None
    withdrawn_at: float | None = None


def held_view(citizen: str, held: Held, *, full: bool) -> HeldView:
    identifier = held.identifier
    return HeldView(
        identifier.kind, identifier.value if full else identifier.masked, held.how, HOWS[held.how][1],
        held.verified, instant(held.at), citizen, held.shared, odd(identifier),
    )  # fmt: skip


def link_view(link: Link) -> LinkView:
    return LinkView(link.link, link.one, link.other, link.why, link.by, instant(link.at))


def consent_view(consent: Consent) -> ConsentView:
    until, withdrawn = consent.until, consent.withdrawn_at
    return ConsentView(
        consent.purpose, instant(consent.at), consent.proof, consent.reference, consent.by, consent.agency,
        None if until is None else instant(until), None if withdrawn is None else instant(withdrawn),
    )  # fmt: skip
