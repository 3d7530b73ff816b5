"""A question that waits on one channel and was answered on another: whoever answers first closes it.

Only for one and the same person, as the register knows them, and by the agent who has them in hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.cabinet import UnknownCitizen
from citizens.journey import Happened
from router.api.contact_views import ContactView
from router.api.contacts import hands, read_contact, unknown
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import Id
from router.core.events import Gone

if TYPE_CHECKING:
    from citizens.people import People
    from citizens.register import Register
    from router.api.permissions import Caller
    from router.core.state import State
    from router.door import Door

ANSWERED = "answered"  # the reason with which the contact is gone


class Elsewhere(Struct, frozen=True):
    """`by`: the contact in which it was answered, in the agent's hands."""

    by: Id


class Questions:
    """The operation."""

    def __init__(self, door: Door, register: Register, people: People) -> None:
        self._door, self._register, self._people = door, register, people

    def routes(self) -> list[Route]:
        return [
            Route(
                "close_as_answered", "POST", "/contacts/{contact}/answered", self.close,
                "A waiting contact of the citizen in hand was answered in this one: it leaves the line",
                {200: ContactView}, body=Elsewhere,
                problems=("unknown_contact", "not_yours", "not_now", "vault_unavailable"),
            ),
        ]  # fmt: skip

    async def close(self, ask: Ask[Elsewhere, None]) -> Reply:
        contact, by = ask.path["contact"], ask.body.by
        whose, who = await self._door.read(lambda state: _citizens(state, contact, by, ask.caller))
        try:
            same = whose in await self._people.same(who)
        except UnknownCitizen:
            same = False
        except OSError:
            raise Problem(
                "vault_unavailable", "Redis is gone or slow: try again", headers={"Retry-After": "1"}
            ) from None
        if not same:
            raise Problem("not_yours", "it is not known to be the same person's: make sure of it first")
        result = await self._door.submit(Gone(contact, ANSWERED))
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        await self._register.note(
            whose,
            Happened(
                f"answered-{contact}", self._door.now(), "answered", about=contact, contact=by,
                agent=ask.caller.agent,
            ),
        )  # fmt: skip
        return Reply(await read_contact(self._door, contact))


def _citizens(state: State, contact: str, by: str, caller: Caller) -> tuple[str, str]:
    """Of the contact that waits, and of the one in hand."""
    waiting, in_hand = state.contacts.get(contact), state.contacts.get(by)
    for name, record in ((contact, waiting), (by, in_hand)):
        if record is None:
            raise unknown(name)
    assert waiting is not None
    assert in_hand is not None
    if contact == by:
        raise Problem("not_now", "that is the same contact: end it")
    caller.must_be(*hands(state, in_hand))
    if waiting.citizen is None or in_hand.citizen is None:
        raise Problem("not_yours", "nobody knows whose it is")
    return waiting.citizen, in_hand.citizen
