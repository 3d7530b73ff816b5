"""The citizen's yes or no to a channel that was proposed, over HTTP: recorded as said, by whoever asked them.

Whether it was proposed, and what follows, is the core's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.contact_views import ContactView
from router.api.contacts import read_contact
from router.api.problems import of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import NewChoice
from router.core.events import Choice

if TYPE_CHECKING:
    from router.door import Door


class Choices:
    """The one operation, for whoever brings contacts."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route(
                "record_choice", "POST", "/contacts/{contact}/choice", self.choose,
                "What the citizen said of a channel that was proposed; a no is remembered",
                {200: ContactView}, body=NewChoice, problems=("unknown_contact", "not_now"),
            ),
        ]  # fmt: skip

    async def choose(self, ask: Ask[NewChoice, None]) -> Reply:
        contact, said = ask.path["contact"], ask.body
        result = await self._door.submit(Choice(contact, str(said.channel), said.choice, ask.caller.name))
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(await read_contact(self._door, contact))
