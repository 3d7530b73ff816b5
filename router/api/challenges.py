"""Proofs over HTTP: a secret is sent to an address, and given back once. Nobody here ever sees it.

It is bound to the citizen who is in the conversation: opening a stranger's link proves nothing for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from citizens.challenges import Refused
from router.api.citizen_gate import CitizenGate
from router.api.citizen_shapes import Given, MaybeId
from router.api.citizen_views import MetView, spelt
from router.api.notices import NoticeView, problem, view
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route
from router.api.shapes import Code
from router.notify.post import NotTaken

if TYPE_CHECKING:
    from citizens.challenges import Challenges
    from citizens.people import People
    from router.door import Door
    from router.notify.post import Post

MENDS = {
    "wrong": "it is not what was sent there last",
    "used_or_old": "none was sent there, or it was used, or its time is over: send another one",
    "too_many": "wrong too often, or too many were sent there today",
}


class Asking(Struct, frozen=True):
    """Where to, what, and by which configured message: one that is `asked` and has the variable `secret`."""

    kind: Literal["email", "phone"]
    value: Given
    how: Literal["code", "link"]
    message: Code
    contact: MaybeId = ""


class Giving(Struct, frozen=True):
    """What they read there."""

    kind: Literal["email", "phone"]
    value: Given
    secret: Annotated[str, Meta(min_length=1, max_length=100)]
    contact: MaybeId = ""


class Proofs:
    """The two operations."""

    def __init__(self, door: Door, people: People, challenges: Challenges, post: Post | None) -> None:
        self._gate, self._people = CitizenGate(door, people), people
        self._challenges, self._post = challenges, post

    def routes(self) -> list[Route]:
        common = ("unknown_citizen", "vault_unavailable", "vault_unreadable", "not_yours", "unknown_contact",
                  "not_proved", "bad_identifier")  # fmt: skip
        one = "/citizens/{citizen}/proofs"
        return [
            Route("ask_proof", "POST", one, self.ask, "Send a code or a link to what they say is theirs",
                  {202: NoticeView}, body=Asking,
                  problems=(*common, "not_configured", "not_told", "unknown_message")),
            Route("give_proof", "POST", f"{one}/given", self.give,
                  "The code or link came back: the address is theirs, and they may be somebody known",
                  {200: MetView}, body=Giving, problems=common),
        ]  # fmt: skip

    async def ask(self, ask: Ask[Asking, None]) -> Reply:
        citizen, body, post = ask.path["citizen"], ask.body, self._post
        if post is None:
            raise Problem("not_configured", "no messages are sent here: see `notify` in the configuration")
        identifier = spelt(body.kind, body.value)
        asked = await self._gate.writes(ask.caller, citizen, "ask_proof", body.contact)
        async with self._gate.told():
            await self._people.saw(citizen, asked)
            try:
                secret = await self._challenges.ask(citizen, identifier, body.how)
                notice = await post.send(
                    citizen, body.message, {"secret": secret}, ask.caller.name, "", body.contact, identifier
                )
            except Refused as fault:
                raise _refused(fault) from None
            except NotTaken as fault:
                raise problem(fault) from None
        return Reply(view(notice), 202)

    async def give(self, ask: Ask[Giving, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        identifier = spelt(body.kind, body.value)
        asked = await self._gate.writes(ask.caller, citizen, "give_proof", body.contact)
        async with self._gate.told():
            await self._people.saw(citizen, asked)
            try:
                met = await self._challenges.answer(citizen, identifier, body.secret)
            except Refused as fault:
                raise _refused(fault) from None
        return Reply(MetView(met.citizen, met.sure, met.why, list(met.likely), met.facts))


def _refused(fault: Refused) -> Problem:
    return Problem("not_proved", MENDS[fault.code], reason=fault.code)
