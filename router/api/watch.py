"""Which contacts are not finished yet: what page and metrics look at, instead of a whole day's contacts.

It re-derives nothing of the core: it remembers the names in entries, and asks the state what became of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.lifecycle import FINISHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.core.state import ContactRecord, State
    from router.door import Released
    from router.log.entry import Entry


def named(entry: Entry) -> Iterator[str]:
    """Every contact an entry mentions."""
    for part in (entry.event, *entry.effects):
        contact = getattr(part, "contact", None)
        if isinstance(contact, str):
            yield contact


class Watch:
    """The contacts not finished, bounded by how many are waiting or in hand."""

    def __init__(self) -> None:
        self._live: dict[str, None] = {}

    def take_up(self, state: State) -> None:
        """Begin anew from this state: what others did to it was not heard here. Inside `door.read`."""
        unfinished = (record for record in state.contacts.values() if record.state not in FINISHED)
        self._live = {record.contact: None for record in unfinished}

    def hear(self, released: Released) -> None:
        for contact in named(released.entry):
            self._live[contact] = None

    def records(self, state: State) -> list[ContactRecord]:
        """Those not finished in this state; the others are forgotten. To be called inside `door.read`."""
        found = []
        for contact in list(self._live):
            record = state.contacts.get(contact)
            if record is None or record.state in FINISHED:
                del self._live[contact]
            else:
                found.append(record)
        return found
