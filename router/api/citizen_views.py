"""What a client reads of a citizen: only the parts its role may see for its purpose (`citizens.purposes`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from citizens.facts import Facts
from citizens.identifier import Unusable
from citizens.preferences import Preferences
from citizens.spelling import spell
from router.api.citizen_parts import (
    ConsentView,
    HeldView,
    LinkView,
    VulnerableView,
    consent_view,
    held_view,
    link_view,
)
from router.api.problems import Problem
from router.api.views import instant

if TYPE_CHECKING:
    from collections.abc import Collection

    from citizens.cabinet import Person
    from citizens.identifier import Identifier, Kind
    from citizens.journey import Happened, Journey
    from citizens.people import Found
    from citizens.store import Seen


class CitizenView(Struct, frozen=True, omit_defaults=True):
    """Parts that the role may not see for this purpose are left out."""

    citizen: str
    citizens: list[str]  # all that are this person
    name: str | None = None
    identifiers: list[HeldView] | None = None
    preferences: Preferences | None = None
    vulnerable: VulnerableView | None = None
    consents: list[ConsentView] | None = None
    links: list[LinkView] | None = None
    likely: list[str] | None = None  # who else holds what they claim


class EntryView(Struct, frozen=True, omit_defaults=True):
    """One entry of a journey."""

    at: float
    what: str
    channel: str = ""
    contact: str = ""
    about: str = ""
    topic: str = ""
    agency: str = ""
    agent: str = ""
    reason: str = ""
    text: str = ""
    language: str = ""


class JourneyView(Struct, frozen=True):
    """In order; and what is open."""

    citizen: str
    entries: list[EntryView]
    open: list[EntryView]


class FoundView(Struct, frozen=True):
    citizen: str
    person: str
    proved: bool


class FoundList(Struct, frozen=True):
    found: list[FoundView]


class MetView(Struct, frozen=True):
    """`citizen` goes on the contact. `sure`: because something was proved; `likely`: who it may be."""

    citizen: str
    sure: bool
    why: str
    likely: list[str]
    facts: Facts


class SeenView(Struct, frozen=True, omit_defaults=True):
    """Somebody looked, or did something. No personal datum."""

    at: float
    citizen: str
    by: str
    role: str
    what: str
    purpose: str
    contact: str = ""


class SeenList(Struct, frozen=True):
    seen: list[SeenView]
    next: str | None  # `after` of the next page


class ErasedView(Struct, frozen=True):
    citizens: list[str]
    contacts: int


class ExportView(Struct, frozen=True):
    """Everything, readable: theirs to have."""

    citizen: CitizenView
    journey: JourneyView
    contacts: dict[str, dict[str, Any]]  # what the vault still has of their contacts
    kept: dict[str, Any]  # of other parts: facts of agencies
    elsewhere: dict[str, Any]  # `chats`, `letters`, `notices`, `recordings`: whole, files in base64
    seen: list[SeenView]  # who looked at them, and why


class ProgressView(Struct, frozen=True):
    running: bool
    done: int
    total: int
    finished: bool
    unfinished: bool  # an earlier rotation was ended before it was through


def citizen_view(person: Person, parts: Collection[str], likely: Collection[str] = ()) -> CitizenView:
    members = person.members
    own = members[0].record
    held = [(each.citizen, one) for each in members for one in each.record.held]
    vulnerable = next((each.record.vulnerable for each in members if each.record.vulnerable), None)
    said = (each.record.preferences for each in members)
    wishes = next((each for each in said if each != Preferences()), Preferences())
    name = own.name or next((each.record.name for each in members if each.record.name), "")
    full = "identifiers" in parts
    return CitizenView(
        members[0].citizen,
        list(person.citizens),
        name=name if "name" in parts else None,
        identifiers=[held_view(*each, full=full) for each in held] if full or "masked" in parts else None,
        preferences=wishes if "preferences" in parts else None,
        vulnerable=VulnerableView(instant(vulnerable.at), vulnerable.by, vulnerable.cause)
        if vulnerable is not None and "vulnerable" in parts
        else None,
        consents=[consent_view(one) for each in members for one in each.record.consents]
        if "consents" in parts
        else None,
        links=[link_view(each) for each in person.whole.links] if "links" in parts else None,
        likely=sorted(likely) if likely else None,
    )


def journey_view(journey: Journey, parts: Collection[str]) -> JourneyView:
    words = "texts" in parts
    return JourneyView(
        journey.citizen,
        [entry_view(each, words) for each in journey.entries],
        [entry_view(each, words) for each in journey.open],
    )


def entry_view(each: Happened, words: bool) -> EntryView:
    return EntryView(
        instant(each.at), each.what, each.channel, each.contact, each.about, each.topic, each.agency,
        each.agent, each.reason, each.text if words else "", each.language,
    )  # fmt: skip


def found_view(found: Found) -> FoundView:
    return FoundView(found.citizen, found.person, found.proved)


def seen_view(seen: Seen) -> SeenView:
    return SeenView(instant(seen.at), seen.citizen, seen.by, seen.role, seen.what, seen.purpose, seen.contact)


def spelt(kind: Kind, value: str) -> Identifier:
    """What a client sent, or a Problem that does not repeat it."""
    try:
        return spell(kind, value)
    except Unusable as fault:
        raise Problem("bad_identifier", f"{fault.kind}: {fault.code}", field="value") from None
