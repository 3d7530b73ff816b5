"""Citizens over HTTP: who they are, their journey, what they wish and agreed to.

Every read states its purpose and is on the access log before it is answered. What a role sees for a purpose
is the table in `citizens.purposes`; that a citizen is an agent's to see is looked at here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citizens.claim import Claim
from citizens.consent import Consent
from citizens.preferences import Preferences
from router.api.citizen_gate import COMMON, GATED, CitizenGate, now
from router.api.citizen_shapes import Agreeing, Looked, Meeting, Wishes, Withdrawing
from router.api.citizen_views import CitizenView, JourneyView, MetView, citizen_view, journey_view, spelt
from router.api.route import Ask, Reply, Route

if TYPE_CHECKING:
    from citizens.people import People
    from citizens.register import Register
    from router.door import Door

DAY = 86_400_000_000  # microseconds


class Citizens:
    """The operations."""

    def __init__(self, door: Door, register: Register, people: People) -> None:
        self._register, self._people = register, people
        self._gate = CitizenGate(door, people)

    def routes(self) -> list[Route]:
        one = "/citizens/{citizen}"
        return [
            Route("meet_citizen", "POST", "/citizens/meet", self.meet,
                  "Who is this? For gateways elsewhere: the citizen to name on the contact, and facts for it",
                  {200: MetView}, body=Meeting, problems=COMMON, longest=1024 * 1024),
            Route("get_citizen", "GET", one, self.show, "Who this is, as far as role and purpose go",
                  {200: CitizenView}, query=Looked, problems=GATED),
            Route("get_journey", "GET", f"{one}/journey", self.journey,
                  "All that happened with this person on every channel, and what is open",
                  {200: JourneyView}, query=Looked, problems=GATED),
            Route("set_preferences", "PUT", f"{one}/preferences", self.prefer,
                  "How they wish to be served", {200: CitizenView}, body=Wishes, problems=GATED),
            Route("give_consent", "POST", f"{one}/consents", self.consent,
                  "A yes of theirs, with its proof", {200: CitizenView}, body=Agreeing, problems=GATED),
            Route("withdraw_consent", "POST", f"{one}/consents/withdraw", self.withdraw,
                  "A yes taken back", {200: CitizenView}, body=Withdrawing, problems=GATED),
        ]  # fmt: skip

    async def meet(self, ask: Ask[Meeting, None]) -> Reply:
        body = ask.body
        claims = [Claim(spelt(each.kind, each.value), each.how) for each in body.claims]
        async with self._gate.told():
            met = await self._register.meet(claims, body.channel, body.contact, body.record)
            if body.name:
                await self._register.name(met.citizen, body.name)
        return Reply(MetView(met.citizen, met.sure, met.why, list(met.likely), met.facts))

    async def show(self, ask: Ask[None, Looked]) -> Reply:
        citizen, parts = ask.path["citizen"], self._gate.parts(ask.caller, ask.query.purpose)
        asked = await self._gate.asked(ask.caller, citizen, "get_citizen", ask.query)
        async with self._gate.told():
            person = await self._people.show(citizen, asked)
            likely = await self._people.likely(citizen)
        return Reply(citizen_view(person, parts, likely))

    async def journey(self, ask: Ask[None, Looked]) -> Reply:
        citizen, parts = ask.path["citizen"], self._gate.parts(ask.caller, ask.query.purpose, "journey")
        asked = await self._gate.asked(ask.caller, citizen, "get_journey", ask.query)
        async with self._gate.told():
            return Reply(journey_view(await self._people.journey(citizen, asked), parts))

    async def prefer(self, ask: Ask[Wishes, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = await self._gate.writes(ask.caller, citizen, "set_preferences", body.contact)
        wishes = Preferences(
            body.channel, body.language, body.plain, body.relay, body.interpreter, body.helper,
            body.same_agent, body.rest,
        )  # fmt: skip
        async with self._gate.told():
            await self._people.saw(citizen, asked)
            await self._register.prefer(citizen, wishes)
            if body.name:
                await self._register.name(citizen, body.name)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("preferences",)))

    async def consent(self, ask: Ask[Agreeing, None]) -> Reply:
        citizen, body, at = ask.path["citizen"], ask.body, now()
        asked = await self._gate.writes(ask.caller, citizen, "give_consent", body.contact)
        until = None if body.days is None else at + body.days * DAY
        given = Consent(body.purpose, at, body.proof, body.reference, ask.caller.name, body.agency, until)
        async with self._gate.told():
            await self._register.consent(citizen, given)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("consents",)))

    async def withdraw(self, ask: Ask[Withdrawing, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = await self._gate.writes(ask.caller, citizen, "withdraw_consent", body.contact)
        async with self._gate.told():
            await self._register.withdraw(citizen, body.purpose, ask.caller.name, body.agency)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("consents",)))
