"""What happened between a citizen and the agencies, on every channel, in order; and what is still open. Pure.

An entry's id says where it comes from, so that the same happening told twice is one entry. Texts are
personal: a journey is kept sealed under its citizen's key.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

What = Literal[
    "asked", "offered", "accepted", "transferred", "ended", "gone",  # contacts, told by the log
    "chose", "refused",                                               # a channel that was proposed
    "promised", "kept",                                               # the agency will do something; did it
    "questioned", "answered",                                         # what the citizen asked; the answer
    "notified", "undelivered",                                        # we wrote or rang; it did not arrive
    "handed_over", "received",                                        # between agencies
    "consented", "withdrew",
]  # fmt: skip

# What opens something, and what closes it again. Entries of one `about` belong together.
OPENS: dict[What, tuple[What, ...]] = {
    "asked": ("ended", "gone"),
    "promised": ("kept",),
    "questioned": ("answered",),
    "handed_over": ("received",),
    "undelivered": ("notified",),
}
CLOSES: dict[What, list[What]] = {}
for _opener, _closers in OPENS.items():
    for _closer in _closers:
        CLOSES.setdefault(_closer, []).append(_opener)


class Happened(Struct, frozen=True, array_like=True):
    """One entry. `id` is unique per citizen: `main:4711:0` from the log, else anything random.

    New fields go to the end: older entries are read with their defaults.
    """

    id: str
    at: int  # microseconds since 1970
    what: What
    channel: str = ""
    about: str = ""  # promise, question, message: what it belongs to; empty: the contact
    contact: str = ""
    topic: str = ""
    agency: str = ""
    agent: str = ""  # pseudonym
    reason: str = ""  # closed code
    text: str = ""  # in people's words: personal
    language: str = ""  # tag of what was spoken


class Journey(Struct, frozen=True):
    """All entries in order, and which of them wait for something."""

    citizen: str
    entries: tuple[Happened, ...]
    open: tuple[Happened, ...]


def journey_of(citizen: str, entries: list[Happened]) -> Journey:
    """In order of time, the same entry once."""
    each = {entry.id: entry for entry in entries}
    ordered = sorted(each.values(), key=lambda entry: (entry.at, entry.id))
    waiting: dict[tuple[What, str], Happened] = {}
    for entry in ordered:
        for opener in CLOSES.get(entry.what, ()):
            waiting.pop((opener, entry.about or entry.contact), None)
        if entry.what in OPENS:
            waiting[entry.what, entry.about or entry.contact] = entry
    return Journey(citizen, tuple(ordered), tuple(sorted(waiting.values(), key=lambda e: (e.at, e.id))))
