"""Agencies over HTTP: which there are and whether they are open; handing a citizen over to another one.

Nothing is handed over without the citizen's consent to that one agency, and no agency says "not here": the
contact keeps its place, and what was said goes with it as far as the table of sharing lets it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from citizens.consent import Consent, Proof
from citizens.journey import Happened
from router.api.citizen_gate import CitizenGate
from router.api.contacts import read_contact
from router.api.desk_of import desk_of
from router.api.needs import needs_of
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import Code, Id
from router.api.views import instant
from router.core.events import Again

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.people import People
    from citizens.register import Register
    from citizens.sharing import Agencies, Agency
    from router.api.desk_of import Desk
    from router.core.state import State
    from router.door import Door

Text = Annotated[str, Meta(max_length=4000, description="Why they came and what was said, in words")]
PROBLEMS = (
    "unknown_contact", "not_yours", "nothing_kept", "unknown_citizen",
    "vault_unavailable", "vault_unreadable",
)  # fmt: skip


class HandingOver(Struct, frozen=True):
    """To another agency. `consent`: how the citizen said yes just now; else an earlier yes must stand."""

    agency: Id
    topic: Code | UnsetType = UNSET  # of that agency; else the contact's, if it is its own, or its first
    text: Text = ""
    consent: Proof | UnsetType = UNSET
    wait: bool = False  # also while it is closed


class HandedOver(Struct, frozen=True):
    """`told`: what of the citizen's case the agency may see."""

    contact: str
    agency: str
    topic: str
    state: str
    told: list[str]


class Handing(Struct, frozen=True):
    """What came with a contact that another agency handed over."""

    contact: str
    by_agency: str
    agent: str
    at: float
    topic: str
    text: str


class Kept(Struct, frozen=True):
    """The same, sealed under the citizen's key."""

    contact: str
    by_agency: str
    agent: str
    at: int
    topic: str
    text: str


class AgencyView(Struct, frozen=True):
    """`opens_at`: when it opens next, if it is closed and that is known."""

    agency: str
    name: str
    topics: list[str]
    open: bool
    opens_at: float | None


class AgencyList(Struct, frozen=True):
    agencies: list[AgencyView]


class Opening(Struct, frozen=True):
    """Whether an agency is open; when closed, the next opening in microseconds if there is one."""

    open: bool
    opens_at: int | None = None


class AgencyDesk:
    """Its three operations."""

    def __init__(
        self, door: Door, register: Register, people: People, agencies: Agencies,
        opening: Callable[[str], Opening],
    ) -> None:  # fmt: skip
        self._door, self._register, self._told = door, register, CitizenGate(door, people).told
        self._agencies, self._opening = agencies, opening

    def routes(self) -> list[Route]:
        return [
            Route(
                "list_agencies", "GET", "/agencies", self.list, "Agencies behind the one door",
                {200: AgencyList},
            ),
            Route(
                "hand_over", "POST", "/contacts/{contact}/hand-over", self.hand_over,
                "Give a citizen to another agency, with what was said and at their place in line",
                {200: HandedOver}, body=HandingOver,
                problems=(*PROBLEMS, "unknown_agency", "agency_closed", "no_consent", "not_now"),
            ),
            Route(
                "get_hand_over", "GET", "/contacts/{contact}/hand-over", self.handed,
                "What came with a contact that another agency handed over",
                {200: Handing}, problems=(*PROBLEMS, "no_consent", "not_shared"),
            ),
        ]  # fmt: skip

    async def list(self, ask: Ask[None, None]) -> Reply:
        return Reply(AgencyList([self._view(each) for each in self._agencies.by_id.values()]))

    async def hand_over(self, ask: Ask[HandingOver, None]) -> Reply:
        contact, wanted = ask.path["contact"], ask.body
        desk = await desk_of(self._door, self._agencies, contact, ask.caller)
        to = self._agencies.by_id.get(wanted.agency)
        if to is None or to.agency == desk.agency:
            known = ", ".join(each for each in self._agencies.by_id if each != desk.agency)
            raise Problem("unknown_agency", f"another agency, one of: {known or 'none'}", field="agency")
        topic = _topic(wanted, desk, to)
        opening = self._opening(to.agency)
        if not opening.open and not wanted.wait:
            when = "" if opening.opens_at is None else f" until {_clock(opening.opens_at)}"
            raise Problem("agency_closed", f"closed{when}: `wait` keeps the place, or promise a call-back")
        again = await self._door.read(lambda state: _again(state, contact, desk, to, topic, ask.caller.name))
        now = _now()
        async with self._told():
            if wanted.consent is not UNSET:
                given = Consent("share", now, wanted.consent, contact, ask.caller.name, to.agency)
                await self._register.consent(desk.citizen, given)
            elif not await self._register.agrees(desk.citizen, "share", to.agency):
                raise Problem("no_consent", "ask the citizen, and say in `consent` how they said yes")
            seen = self._agencies.told(desk.agency, to.agency, agreed=True)
            text = wanted.text if "context" in seen else ""
            kept = Kept(contact, desk.agency, ask.caller.name, now, topic, text)
            await self._register.keep(desk.citizen, f"handed:{to.agency}", msgspec.json.encode(kept))
        result = await self._door.submit(again)
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        async with self._told():
            await self._register.note(
                desk.citizen,
                Happened(
                    f"h-{contact}-{now}", now + 1, "handed_over", about=f"{contact}:{to.agency}",
                    contact=contact, topic=topic, agency=to.agency, agent=ask.caller.name,
                ),
            )  # fmt: skip
        view = await read_contact(self._door, contact)
        return Reply(HandedOver(contact, to.agency, topic, view.state, sorted(seen)))

    async def handed(self, ask: Ask[None, None]) -> Reply:
        contact = ask.path["contact"]
        desk = await desk_of(self._door, self._agencies, contact, ask.caller)
        async with self._told():
            raw = await self._register.kept(desk.citizen, f"handed:{desk.agency}") if desk.agency else None
            kept = None if raw is None else msgspec.json.decode(raw, type=Kept)
            if kept is None or kept.contact != contact:
                raise Problem("nothing_kept", "this contact was not handed over to your agency")
            if not await self._register.agrees(desk.citizen, "share", desk.agency):
                raise Problem("no_consent", "the citizen took their consent back")
            now = _now()
            received = Happened(
                f"h-{contact}-{kept.at}-received", now, "received", about=f"{contact}:{desk.agency}",
                contact=contact, topic=kept.topic, agency=desk.agency, agent=ask.caller.name,
            )  # fmt: skip
            if desk.state in ("connected", "wrap_up"):  # not while it is only offered
                await self._register.note(desk.citizen, received)
        return Reply(Handing(contact, kept.by_agency, kept.agent, instant(kept.at), kept.topic, kept.text))

    def _view(self, agency: Agency) -> AgencyView:
        opening = self._opening(agency.agency)
        at = None if opening.opens_at is None else instant(opening.opens_at)
        return AgencyView(agency.agency, agency.name, list(agency.topics), opening.open, at)


def _topic(wanted: HandingOver, desk: Desk, to: Agency) -> str:
    """One of the other agency's own."""
    if isinstance(wanted.topic, str):
        if wanted.topic not in to.topics:
            raise Problem("bad_field", f"not a topic of {to.agency}: {', '.join(to.topics)}", field="topic")
        return wanted.topic
    if desk.topic in to.topics or not to.topics:
        return desk.topic
    return to.topics[0]


def _again(state: State, contact: str, desk: Desk, to: Agency, topic: str, by: str) -> Again:
    """Back to the line at its old rank, for the other agency's agents."""
    if desk.state not in ("connected", "wrap_up"):
        raise Problem("not_now", "only a contact in conversation or wrap-up is handed over")
    needs = needs_of(state.policy, topic, desk.language) if topic else state.contacts[contact].needs
    return Again(contact, needs, by=by, pool=to.pool)


def _clock(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at / 1_000_000))


def _now() -> int:
    return time.time_ns() // 1000
