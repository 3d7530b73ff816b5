"""Enforces retention: looks at whoever is due, erases or shortens, and says when to look again.

Done twice, or by two processes at once, it is done once: each change holds only on what was read.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.cabinet import UnknownCitizen, entries, entry
from citizens.keyring import VaultError
from citizens.retention import SECOND, Rules, left
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.cabinet import Cabinet
    from citizens.people import People

SLICE = 100  # citizens looked at between two looks at the list
LATER_S = 86_400  # seconds until one that does not open is looked at again

logger = logging.getLogger(__name__)


class Swept(Struct):
    """What one sweep did."""

    looked_at: int = 0
    erased: int = 0
    shortened: int = 0


class Sweep:
    """`await run()` from time to time."""

    def __init__(self, cabinet: Cabinet, people: People, now: Callable[[], int], rules: Rules) -> None:
        self._cabinet, self._people, self._now, self._rules = cabinet, people, now, rules

    async def run(self) -> Swept:
        """Everybody who is due. Raises OSError."""
        swept = Swept()
        while due := await self._cabinet.store.due(self._now() // SECOND, SLICE):
            for citizen in due:
                swept.looked_at += 1
                try:
                    await self._look(citizen, swept)
                except UnknownCitizen:
                    await self._cabinet.store.swap(Change(due={citizen: None}))
                except VaultError as fault:
                    logger.error("retention passes over: %s", fault)
                    later = self._now() // SECOND + LATER_S
                    await self._cabinet.store.swap(Change(due={citizen: later}))
        return swept

    async def _look(self, citizen: str, swept: Swept) -> None:
        """Changed meanwhile: it stays due, and is looked at again in the next slice."""
        person, now = await self._cabinet.person(citizen), self._now()
        own = person.members[0]
        (lines,) = await self._cabinet.store.lists([f"j:{citizen}"])
        before = entries(own, lines)
        after = left([each.record for each in person.members], before, now, self._rules)
        if after.erase:
            swept.erased += await self._people.destroy(person) is not None
            return
        name, journey = f"c:{citizen}", f"j:{citizen}"
        change = Change(expects={name: own.raw}, due={citizen: max(after.next_at, now + SECOND) // SECOND})
        if list(after.entries) != before:
            change.sets[journey] = None
            if after.entries:
                change.pushes[journey] = [entry(own.key, each) for each in after.entries]
            change.sets[name] = self._cabinet.resealed(own, own.record)
        done = await self._cabinet.store.swap(change)
        swept.shortened += done and journey in change.sets
