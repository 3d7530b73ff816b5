"""`appointment`: the agency's diary, another system that is asked by HTTP or by a plug-in as lookups are.

It keeps no diary itself, and says that a moment is booked only when the diary has said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ivr_flows.session import Done, Perform, Session, Values

if TYPE_CHECKING:
    from router.flows.lookup import Lookups

MOST = 20  # moments that are looked at
LONGEST = 200
FIELDS = ("id", "begins", "place")


class Diary:
    """`service`: its name among the configuration's services."""

    def __init__(self, lookups: Lookups, service: str) -> None:
        self._lookups, self._service = lookups, service

    async def slots(self, name: str, session: Session, asked: Perform, known: dict[str, str]) -> Done:
        """Moments to be had."""
        sent = {"ask": "slots", "where": asked.name, "language": session.language} | asked.arguments
        done = await self._lookups.ask(self._service, sent, asked.within_s)
        slots = done.values.get("slots")
        if done.port != "next" or not isinstance(slots, list):
            return Done("unavailable")
        rows = tuple(row for each in slots[:MOST] if (row := _row(each)))
        return Done("next", rows=rows) if rows else Done("unavailable")

    async def book(self, name: str, session: Session, asked: Perform, known: dict[str, str]) -> Done:
        """The chosen one, for who calls. The same session asks for it under the same key each time."""
        sent = {
            "ask": "book", "where": asked.name, "key": f"{name}.{session.entered}",
            "caller": known.get("caller", ""), "citizen": known.get("citizen", ""),
        } | asked.arguments  # fmt: skip
        done = await self._lookups.ask(self._service, sent, asked.within_s)
        return Done("next", _row(asked.arguments)) if done.port == "next" else Done("unavailable")


def _row(given: object) -> Values:
    """What may be said of a moment, and its name; nothing else of the answer goes anywhere."""
    if not isinstance(given, Mapping):
        return {}
    row = {name: given[name] for name in FIELDS if isinstance(given.get(name), str)}
    if not row.get("begins") or not row.get("place") or any(len(text) > LONGEST for text in row.values()):
        return {}
    return row
