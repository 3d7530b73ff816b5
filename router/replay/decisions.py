"""Every decision about one contact, explained from the archive at the very entry that took it. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from router.core.effects import Offer, Requeue, Withdraw
from router.core.events import Again, Answer, Consult, Consulted, Control, Event, Found
from router.core.why import Why, explain
from router.log.entry import Entry
from router.replay.proof import states


class Decision(Struct, frozen=True):
    """What entry `n` did with the contact; `why` where it offered it to somebody, or left it waiting."""

    n: int
    at: int
    event: str
    state: str  # the contact's, right after
    effects: tuple[Offer | Withdraw | Requeue, ...]
    why: Why | None


def decisions(path: Path, contact: str, pool: str = "") -> Iterator[Decision]:
    """In order, from the contact's arrival on. Raises what `states` raises."""
    for entry, state in states(path, pool):
        about = tuple(
            effect
            for effect in entry.effects
            if isinstance(effect, (Offer, Withdraw, Requeue)) and effect.contact == contact
        )
        record = state.contacts.get(contact)
        if record is None or not (about or concerns(entry.event, contact)):
            continue
        told = record.state == "waiting" or any(isinstance(effect, Offer) for effect in about)
        why = explain(state, record) if told else None
        yield Decision(entry.n, entry.at, kind(entry), record.state, about, why)


def concerns(event: Event, contact: str) -> bool:
    """Whether an event names the contact."""
    return getattr(event, "contact", None) == contact


def kind(entry: Entry) -> str:
    """The event in a few words."""
    match entry.event:
        case Answer(answer=answer):
            return f"answer {answer}"
        case Again(prefers=prefers, by=by):
            return " ".join(("again", *(("to", *prefers) if prefers else ()), *(("by", by) if by else ())))
        case Consult(second=second):
            return f"consult {second}"
        case Consulted(second=second, result=result):
            return f"consulted {second} {result}"
        case Control(what=what, by=by):
            return f"control {what} by {by}" if by else f"control {what}"
        case Found(where=where):
            return f"found {where}"
        case event:
            return type(event).__name__.lower()
