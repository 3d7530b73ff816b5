"""Which contacts are not finished yet, and what the others kept came to, without a look at each of them.

It re-derives nothing of the core: it remembers the names in entries, and asks the state what became of them.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from router.api.contact_views import LOST
from router.core.callbacks import REPLACED
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


def came_to(record: ContactRecord) -> str:
    """Each contact is counted once, as the metrics do: served once is served, though it left afterwards."""
    if record.served_at:
        return "served"
    if record.state not in FINISHED:
        return "waiting"
    if record.reason in REPLACED:
        return "replaced"
    return "fallback" if record.reason == "fallback" else "abandoned"


class Watch:
    """The contacts not finished, bounded by how many are waiting or in hand; of the others kept, one word."""

    def __init__(self) -> None:
        self._live: dict[str, None] = {}
        self._over: OrderedDict[str, str] = OrderedDict()  # finished -> what it came to, oldest first
        self._count: Counter[str] = Counter()  # of `_over`
        self._lost: dict[str, None] = {}  # of `_over`: to be called back

    def take_up(self, state: State) -> None:
        """Begin anew from this state: what others did to it was not heard here. Inside `door.read`."""
        self._live, self._over, self._count = dict.fromkeys(state.contacts), OrderedDict(), Counter()
        self._lost = {}
        self.records(state)

    def hear(self, released: Released) -> None:
        for contact in named(released.entry):
            self._live[contact] = None

    def records(self, state: State) -> list[ContactRecord]:
        """Those not finished in this state. To be called inside `door.read`."""
        found = []
        for contact in list(self._live):
            self._drop(contact)  # an id may come again once its contact was forgotten
            record = state.contacts.get(contact)
            if record is not None and record.state not in FINISHED:
                found.append(record)
                continue
            del self._live[contact]
            if record is not None:
                self._over[contact] = came_to(record)
                self._count[self._over[contact]] += 1
                if (record.state, record.reason) == ("gone", LOST):
                    self._lost[contact] = None
        return found

    def tally(self, state: State) -> Counter[str]:
        """Every contact that the state keeps, by what it came to. To be called inside `door.read`."""
        live = Counter(came_to(record) for record in self.records(state))
        self._forget(state)
        return live + self._count

    def lost(self, state: State) -> list[ContactRecord]:
        """Those to be called back, in the order of the line. To be called inside `door.read`."""
        self.records(state)
        self._forget(state)
        return sorted(
            (state.contacts[name] for name in self._lost), key=lambda record: (record.rank, record.contact)
        )

    def _forget(self, state: State) -> None:
        while self._over and (oldest := next(iter(self._over))) not in state.contacts:
            self._drop(oldest)

    def _drop(self, contact: str) -> None:
        self._lost.pop(contact, None)
        word = self._over.pop(contact, None)
        if word is not None:
            self._count[word] -= 1
