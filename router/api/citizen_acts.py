"""What is done with whole citizens over HTTP: find, export, erase, merge, split, correct; and who looked.

Each states why and is on the access log before it is answered. Who may is `permissions.TABLE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from citizens.purposes import Asked, may_see
from citizens.record import Vulnerable
from router.api.citizen_gate import COMMON, GATED, CitizenGate, contradiction, now
from router.api.citizen_parts import LinkView, link_view
from router.api.citizen_shapes import (
    Correcting,
    Looked,
    Merging,
    Protecting,
    SeenWanted,
    Sought,
    Splitting,
)
from router.api.citizen_views import (
    CitizenView,
    ErasedView,
    ExportView,
    FoundList,
    SeenList,
    citizen_view,
    found_view,
    journey_view,
    seen_view,
    spelt,
)
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route

if TYPE_CHECKING:
    from citizens.people import People
    from router.door import Door

OFFICER = "request"  # the purpose of what only the citizen's own wish allows


class CitizenActs:
    """The operations."""

    def __init__(self, door: Door, people: People) -> None:
        self._people = people
        self._gate = CitizenGate(door, people)

    def routes(self) -> list[Route]:
        one = "/citizens/{citizen}"
        return [
            Route("find_citizen", "POST", "/citizens/find", self.find,
                  "Who holds an identifier; whoever is found is on the access log",
                  {200: FoundList}, body=Sought, problems=COMMON),
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
            Route("correct_identifier", "POST", f"{one}/identifiers", self.correct,
                  "Others use this address too and it proves nobody any more; or it is not theirs",
                  {200: CitizenView}, body=Correcting,
                  problems=(*COMMON, "bad_identifier", "unknown_identifier")),
            Route("protect_citizen", "PUT", f"{one}/vulnerable", self.protect,
                  "Found vulnerable by somebody who may say so, or no longer", {200: CitizenView},
                  body=Protecting, problems=COMMON),
            Route("list_accesses", "GET", "/accesses", self.accesses,
                  "Who looked at whom, and why, newest first", {200: SeenList}, query=SeenWanted,
                  problems=("vault_unavailable",)),
        ]  # fmt: skip

    async def find(self, ask: Ask[Sought, None]) -> Reply:
        self._gate.parts(ask.caller, ask.body.purpose)
        identifier = spelt(ask.body.kind, ask.body.value)
        asked = Asked(ask.caller.name, ask.caller.role, "find_citizen", ask.body.purpose)
        async with self._gate.told():
            found = await self._people.find(identifier, asked)
        return Reply(FoundList([found_view(each) for each in found]))

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

    async def correct(self, ask: Ask[Correcting, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        identifier = spelt(body.kind, body.value)
        why = OFFICER if ask.caller.role == "auditor" else "complaint"
        asked = Asked(ask.caller.name, ask.caller.role, "correct_identifier", why)
        try:
            async with self._gate.told():
                if body.says == "not_theirs":
                    await self._people.drop(citizen, identifier, asked)
                else:
                    await self._people.share(citizen, identifier, body.says == "shared", asked)
                person = await self._people.show(citizen, asked)
        except KeyError:
            raise Problem("unknown_identifier", "get_citizen lists what each citizen holds") from None
        return Reply(citizen_view(person, ("masked",)))

    async def protect(self, ask: Ask[Protecting, None]) -> Reply:
        citizen, body = ask.path["citizen"], ask.body
        asked = Asked(ask.caller.name, ask.caller.role, "protect_citizen", "complaint")
        found = Vulnerable(now(), ask.caller.name, body.cause) if body.vulnerable else None
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
