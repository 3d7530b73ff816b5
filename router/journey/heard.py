"""What a log entry means for journeys: pure. Pseudonyms and closed codes only, as the log itself holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from citizens.journey import Happened
from router.core.effects import Refuse
from router.core.events import Again, Answer, Choice, Contact, Ended, Found, Gone

if TYPE_CHECKING:
    from router.log.entry import Entry


def heard(entry: Entry, pool: str) -> list[Happened]:
    """What happened to contacts, in order. An id names the entry, so that it is written once."""
    said = enumerate(_said(entry))
    return [structs.replace(each, id=f"{pool}:{entry.n}:{step}") for step, each in said]


def _said(entry: Entry) -> Iterator[Happened]:
    event, at = entry.event, entry.at
    match event:
        case Contact():
            yield Happened(
                "", at - event.waited, "asked", event.channel,
                contact=event.contact, topic=event.topic, language=event.language,
            )  # fmt: skip
        case Answer(answer="accepted"):
            yield Happened("", at, "accepted", contact=event.contact, agent=event.agent)
        case Again():
            yield Happened("", at, "transferred", event.channel or "", contact=event.contact)
        case Ended():
            yield Happened("", at, "ended", contact=event.contact, agent=event.agent or "")
        case Gone():
            yield Happened("", at, "gone", contact=event.contact, reason=event.reason)
        case Found(where="lost" | "absent"):
            yield Happened("", at, "gone", contact=event.contact, reason=event.where)
        case Choice(choice="accepted"):
            yield Happened("", at, "chose", event.channel, contact=event.contact)
        case Choice():
            yield Happened("", at, "refused", event.channel, contact=event.contact)
    for effect in entry.effects:
        if isinstance(effect, Refuse):
            yield Happened("", at, "gone", contact=effect.contact, reason=effect.because)
