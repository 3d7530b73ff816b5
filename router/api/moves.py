"""A supervisor's move of a contact that waits, over HTTP: it becomes an event that names who and why.

Whether it can be done is the core's to say; this chooses nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.contact_views import ContactView
from router.api.contacts import read_contact
from router.api.problems import of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import NewPlace, ToAgent, ToFront, ToPlace, ToPool
from router.core.events import Move
from router.core.policy import SECOND

if TYPE_CHECKING:
    from router.door import Door


class Moves:
    """The one operation, for supervisors."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route(
                "move_contact", "POST", "/contacts/{contact}/move", self.move,
                "A contact that waits or is offered: to the front, to an agent, to a pool, back to its place",
                {200: ContactView}, body=NewPlace, problems=("unknown_contact", "unknown_agent", "not_now"),
            ),
        ]  # fmt: skip

    async def move(self, ask: Ask[NewPlace, None]) -> Reply:
        contact = ask.path["contact"]
        result = await self._door.submit(event_of(contact, ask.caller.name, ask.body))
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(await read_contact(self._door, contact))


def event_of(contact: str, by: str, wanted: NewPlace) -> Move:
    """What is asked, as the core takes it."""
    match wanted:
        case ToAgent():
            wait = round(wanted.for_s * SECOND) if isinstance(wanted.for_s, float) else None
            return Move(contact, "agent", by, wanted.reason, wanted.agent, wait, force=wanted.force)
        case ToPool():
            return Move(contact, "pool", by, wanted.reason, pool=wanted.pool or "")
        case ToFront():
            return Move(contact, "front", by, wanted.reason)
        case ToPlace():
            return Move(contact, "place", by, wanted.reason)
