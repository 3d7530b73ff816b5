"""A supervisor's move of a contact that waits, over HTTP: it becomes an event that names who and why.

Whether it can be done is the core's to say; this chooses nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from router.api.contact_views import ContactView
from router.api.contacts import read_contact
from router.api.problems import of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import NewPlace
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
        contact, wanted = ask.path["contact"], ask.body
        agent = wanted.agent if isinstance(wanted.agent, str) else None
        wait = round(wanted.for_s * SECOND) if isinstance(wanted.for_s, float) else None
        pool = None if wanted.pool is UNSET else wanted.pool or ""
        event = Move(
            contact, wanted.to, ask.caller.name, wanted.reason, agent=agent, direct_for=wait, pool=pool,
            force=wanted.force,
        )  # fmt: skip
        result = await self._door.submit(event)
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(await read_contact(self._door, contact))
