"""What agencies state of the citizen behind a contact in an agent's hands: with source, age and purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from citizens.purposes import Asked
from citizens.stated import Plain
from router.api.citizen_gate import CitizenGate
from router.api.desk_of import desk_of
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route
from router.api.views import instant

if TYPE_CHECKING:
    from citizens.people import People
    from citizens.sharing import Agencies
    from citizens.stated import Judged
    from router.door import Door
    from router.facts.ledger import Answered, Ledger

KNOWN_BY = ("beneficiary", "franceconnect")  # what an agency knows people by


class FactsWanted(Struct, frozen=True):
    """What the facts are for; each server is told."""

    purpose: Literal["serve"] = "serve"


class FactView(Struct, frozen=True):
    """`against`: agencies that state otherwise, in the names under `about`. Who is right is not said."""

    kind: str
    values: dict[str, Plain]
    source: str
    at: float
    age_days: int
    stale: bool
    misdated: bool
    against: list[str]
    about: list[str]


class AnswerView(Struct, frozen=True):
    """What came of asking an agency. Codes: docs/reference/agencies.md."""

    agency: str
    code: str
    asked_at: float | None


class FactsView(Struct, frozen=True):
    contact: str
    purpose: str
    facts: list[FactView]
    answers: list[AnswerView]


class Facts:
    """The one operation."""

    def __init__(self, door: Door, people: People, agencies: Agencies, ledger: Ledger) -> None:
        self._door, self._people, self._agencies, self._ledger = door, people, agencies, ledger
        self._told = CitizenGate(door, people).told

    def routes(self) -> list[Route]:
        return [
            Route(
                "get_facts", "GET", "/contacts/{contact}/facts", self.facts,
                "What agencies state of this citizen: family, address, income, with source, date and purpose",
                {200: FactsView}, query=FactsWanted,
                problems=("unknown_contact", "not_yours", "nothing_kept", "not_shared", "unknown_citizen",
                          "vault_unavailable", "vault_unreadable"),
            ),
        ]  # fmt: skip

    async def facts(self, ask: Ask[None, FactsWanted]) -> Reply:
        contact, purpose = ask.path["contact"], ask.query.purpose
        desk = await desk_of(self._door, self._agencies, contact, ask.caller)
        if not desk.agency:
            raise Problem("not_shared", "you serve for no agency, so nothing may be shared with you")
        async with self._told():
            asked = Asked(ask.caller.name, ask.caller.role, "get_facts", purpose, contact)
            person = await self._people.show(desk.citizen, asked)  # on the access log before it is answered
            held = [each for member in person.members for each in member.record.held]
            proved = dict.fromkeys(
                each.identifier for each in held if each.verified and each.identifier.kind in KNOWN_BY
            )
            page = await self._ledger.page(desk.citizen, tuple(proved), desk.agency, purpose, contact)
        facts, answers = [_fact(each) for each in page.facts], [_answer(each) for each in page.answers]
        return Reply(FactsView(contact, purpose, facts, answers))


def _fact(judged: Judged) -> FactView:
    fact = judged.fact
    return FactView(
        fact.kind, dict(fact.values), fact.source, instant(fact.at), judged.age_days, judged.stale,
        judged.misdated, list(judged.against), list(judged.about),
    )  # fmt: skip


def _answer(answer: Answered) -> AnswerView:
    return AnswerView(
        answer.agency, answer.code, None if answer.asked_at is None else instant(answer.asked_at)
    )
