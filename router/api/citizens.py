"""Citizens over HTTP: who they are, their journey, what they wish and agreed to, and an officer's acts.

Every read states its purpose and is on the access log before it is answered. What a role sees for a purpose
is the table in `citizens.purposes`; that a citizen is an agent's to see is looked at here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from citizens.claim import Claim
from citizens.consent import Consent
from citizens.preferences import Preferences
from citizens.purposes import Asked, may_see
from citizens.record import Vulnerable
from router.api.citizen_gate import CitizenGate, contradiction
from router.api.citizen_shapes import (
    Agreeing,
    Looked,
    Meeting,
    Merging,
    Protecting,
    SeenWanted,
    Sought,
    Splitting,
    Wishes,
    Withdrawing,
)
from router.api.citizen_views import (
    CitizenView,
    ErasedView,
    ExportView,
    FoundList,
    JourneyView,
    LinkView,
    MetView,
    SeenList,
    citizen_view,
    found_view,
    journey_view,
    link_view,
    seen_view,
    spelt,
)
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route

if TYPE_CHECKING:
    from citizens.people import People
    from citizens.register import Register
    from router.door import Door

COMMON = ("unknown_citizen", "vault_unavailable", "vault_unreadable")
GATED = (*COMMON, "not_yours", "unknown_contact")
DAY = 86_400_000_000  # microseconds
OFFICER = "request"  # the purpose of what only the citizen's own wish allows


class Citizens:
    """The operations on citizens."""

    def __init__(self, door: Door, register: Register, people: People) -> None:
        self._register, self._people = register, people
        self._gate = CitizenGate(door, people)

    def routes(self) -> list[Route]:
        one = "/citizens/{citizen}"
        return [
            Route("meet_citizen", "POST", "/citizens/meet", self.meet,
                  "Who is this? For gateways elsewhere: the citizen to name on the contact, and facts for it",
                  {200: MetView}, body=Meeting, problems=COMMON, longest=1024 * 1024),
            Route("find_citizen", "POST", "/citizens/find", self.find,
                  "Who holds an identifier; whoever is found is on the access log",
                  {200: FoundList}, body=Sought, problems=COMMON),
            Route("get_citizen", "GET", one, self.show, "Who this is, as far as role and purpose go",
                  {200: CitizenView}, query=Looked, problems=GATED),
            Route("get_journey", "GET", f"{one}/journey", self.journey,
                  "All that happened with this person on every channel, and what is open",
                  {200: JourneyView}, query=Looked, problems=GATED),
            Route("export_citizen", "GET", f"{one}/export", self.export,
                  "Everything kept of this person, for them", {200: ExportView}, problems=COMMON),
            Route("erase_citizen", "DELETE", one, self.erase,
                  "Destroy the keys of this person: nothing of theirs can be read any more",
                  {200: ErasedView}, problems=COMMON),
            Route("merge_citizens", "POST", f"{one}/merge", self.merge,
                  "Two citizens are one person; undone by split", {200: LinkView}, body=Merging,
                  problems=(*GATED, "contradiction")),
            Route("split_citizen", "POST", f"{one}/split", self.split,
                  "Take one link back: exactly what was before it", {200: CitizenView}, body=Splitting,
                  problems=(*COMMON, "unknown_link")),
            Route("set_preferences", "PUT", f"{one}/preferences", self.prefer,
                  "How they wish to be served", {200: CitizenView}, body=Wishes, problems=GATED),
            Route("give_consent", "POST", f"{one}/consents", self.consent,
                  "A yes of theirs, with its proof", {200: CitizenView}, body=Agreeing, problems=GATED),
            Route("withdraw_consent", "POST", f"{one}/consents/withdraw", self.withdraw,
                  "A yes taken back", {200: CitizenView}, body=Withdrawing, problems=GATED),
            Route("protect_citizen", "PUT", f"{one}/vulnerable", self.protect,
                  "Found vulnerable by somebody who may say so, or no longer", {200: CitizenView},
                  body=Protecting, problems=COMMON),
            Route("list_accesses", "GET", "/accesses", self.accesses,
                  "Who looked at whom, and why, newest first", {200: SeenList}, query=SeenWanted,
                  problems=("vault_unavailable",)),
        ]  # fmt: skip

    async def meet(self, ask: Ask[Meeting, None]) -> Reply:
        body = ask.body
        claims = [Claim(spelt(each.kind, each.value), each.how) for each in body.claims]
        async with self._gate.told():
            met = await self._register.meet(claims, body.channel, body.contact, body.record)
            if body.name:
                await self._register.name(met.citizen, body.name)
        return Reply(MetView(met.citizen, met.sure, met.why, list(met.likely), met.facts))

    async def find(self, ask: Ask[Sought, None]) -> Reply:
        self._gate.parts(ask.caller, ask.body.purpose)
        identifier = spelt(ask.body.kind, ask.body.value)
        asked = Asked(ask.caller.name, ask.caller.role, "find_citizen", ask.body.purpose)
        async with self._gate.told():
            found = await self._people.find(identifier, asked)
        return Reply(FoundList([found_view(each) for each in found]))

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

    async def export(self, ask: Ask[None, None]) -> Reply:
        parts = may_see(ask.caller.role, OFFICER)
        async with self._gate.told():
            all_of_it = await self._people.export(ask.path["citizen"], _officer(ask, "export_citizen"))
        kept: dict[str, Any] = {name: msgspec.json.decode(raw) for name, raw in all_of_it.kept.items()}
        return Reply(
            ExportView(
                citizen_view(all_of_it.person, parts), journey_view(all_of_it.journey, parts),
                all_of_it.contacts, kept, all_of_it.elsewhere, [seen_view(each) for each in all_of_it.seen],
            )
        )  # fmt: skip

    async def erase(self, ask: Ask[None, None]) -> Reply:
        async with self._gate.told():
            erased = await self._people.erase(ask.path["citizen"], _officer(ask, "erase_citizen"))
        return Reply(ErasedView(list(erased.citizens), erased.contacts))

    async def merge(self, ask: Ask[Merging, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        why = Looked("verify" if ask.caller.role == "agent" else "duplicate", body.contact)
        asked = await self._gate.asked(ask.caller, citizen, "merge_citizens", why)
        await self._gate.asked(ask.caller, body.other, "merge_citizens", why)
        async with self._gate.told(), contradiction():
            return Reply(link_view(await self._people.merge(citizen, body.other, body.why, asked)))

    async def split(self, ask: Ask[Splitting, None]) -> Reply:
        citizen = ask.path["citizen"]
        asked = Asked(ask.caller.name, ask.caller.role, "split_citizen", "duplicate")
        try:
            async with self._gate.told():
                await self._people.split(citizen, ask.body.link, asked)
                person = await self._people.show(citizen, asked)
        except KeyError:
            raise Problem("unknown_link", "this person has no such link; get_citizen lists them") from None
        return Reply(citizen_view(person, ("links",)))

    async def prefer(self, ask: Ask[Wishes, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = await self._gate.writes(ask.caller, citizen, "set_preferences", body.contact)
        wishes = Preferences(
            body.channel, body.language, body.plain, body.relay, body.interpreter, body.helper,
            body.same_agent,
        )  # fmt: skip
        async with self._gate.told():
            await self._people.saw(citizen, asked)
            await self._register.prefer(citizen, wishes)
            if body.name:
                await self._register.name(citizen, body.name)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("preferences",)))

    async def consent(self, ask: Ask[Agreeing, None]) -> Reply:
        citizen, body, now = ask.path["citizen"], ask.body, _now()
        asked = await self._gate.writes(ask.caller, citizen, "give_consent", body.contact)
        until = None if body.days is None else now + body.days * DAY
        given = Consent(body.purpose, now, body.proof, body.reference, ask.caller.name, body.agency, until)
        async with self._gate.told():
            await self._register.consent(citizen, given)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("consents",)))

    async def withdraw(self, ask: Ask[Withdrawing, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = await self._gate.writes(ask.caller, citizen, "withdraw_consent", body.contact)
        async with self._gate.told():
            await self._register.withdraw(citizen, body.purpose, ask.caller.name, body.agency)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("consents",)))

    async def protect(self, ask: Ask[Protecting, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = Asked(ask.caller.name, ask.caller.role, "protect_citizen", "complaint")
        found = Vulnerable(_now(), ask.caller.name, body.cause) if body.vulnerable else None
        async with self._gate.told():
            await self._people.protect(citizen, found, asked)
            return Reply(citizen_view(await self._people.show(citizen, asked), ("vulnerable",)))

    async def accesses(self, ask: Ask[None, SeenWanted]) -> Reply:
        wanted = ask.query
        async with self._gate.told():
            rows = await self._people.seen(wanted.citizen, wanted.after, wanted.limit)
        further = rows[-1][0] if len(rows) == wanted.limit else None
        return Reply(SeenList([seen_view(each) for _, each in rows], further))


def _officer(ask: Ask[Any, Any], what: str) -> Asked:
    return Asked(ask.caller.name, ask.caller.role, what, OFFICER)


def _now() -> int:
    return time.time_ns() // 1000
