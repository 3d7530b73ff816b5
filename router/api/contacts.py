"""Contacts over HTTP: read them, and bring test contacts in. What becomes of one is in `endings.py`."""

from __future__ import annotations

import heapq
import secrets
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from router.api.contact_views import LOST, ContactList, ContactView, Story, contact_view, story
from router.api.needs import needs_of
from router.api.problems import Problem, of_refusal
from router.api.route import PREFIX, Ask, Reply, Route
from router.api.shapes import ContactsWanted, NewContact
from router.core.asking import target_of
from router.core.events import Contact
from router.core.policy import SECOND

if TYPE_CHECKING:
    from router.core.state import ContactRecord, State
    from router.door import Door


class Contacts:
    """The operations that list, show and create."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route(
                "list_contacts", "GET", "/contacts", self.list,
                "Contacts, newest first; with `reason=lost` those to call back, in the order of the line",
                {200: ContactList}, query=ContactsWanted, problems=("unknown_contact",),
            ),
            Route(
                "create_contact", "POST", "/contacts", self.create,
                "A contact asks for an agent; answered once it is on the log",
                {201: ContactView, 200: ContactView}, body=NewContact,
                problems=("not_now", "unknown_contact"),
            ),
            Route(
                "get_contact", "GET", "/contacts/{contact}", self.get, "One contact with its story",
                {200: Story}, problems=("unknown_contact", "not_yours"),
            ),
        ]  # fmt: skip

    async def list(self, ask: Ask[None, ContactsWanted]) -> Reply:
        now = self._door.now()
        return Reply(await self._door.read(lambda state: _page(state, ask.query, now)))

    async def get(self, ask: Ask[None, None]) -> Reply:
        name, caller, now = ask.path["contact"], ask.caller, self._door.now()

        def question(state: State) -> Story | None:
            record = state.contacts.get(name)
            if record is None:
                return None
            caller.must_be(*hands(state, record))
            return story(state, record, now, caller)

        found = await self._door.read(question)
        if found is None:
            raise unknown(name)
        return Reply(found)

    async def create(self, ask: Ask[NewContact, None]) -> Reply:
        name = ask.body.contact if isinstance(ask.body.contact, str) else f"c-{secrets.token_hex(8)}"

        def question(state: State) -> Contact | None:
            return None if _is_known(state, name, ask.body) else _event(state, name, ask.body)

        event = await self._door.read(question)
        fresh = False
        if event is not None:
            result = await self._door.submit(event)
            if result.refusal is not None:
                raise of_refusal(result.refusal)
            fresh = not result.duplicate
        view = await read_contact(self._door, name)
        return Reply(view, 201 if fresh else 200, {"Location": f"{PREFIX}/contacts/{name}"})


async def read_contact(door: Door, name: str) -> ContactView:
    """The contact as of now, or a Problem."""
    now = door.now()

    def question(state: State) -> ContactView | None:
        record = state.contacts.get(name)
        return contact_view(record, now) if record else None

    view = await door.read(question)
    if view is None:
        raise unknown(name)
    return view


def holder(state: State, record: ContactRecord) -> str | None:
    """The agent a contact is offered to, connected to, or in wrap-up with."""
    if record.offer is not None and record.offer in state.offers:
        return state.offers[record.offer].agent
    return record.agent if record.state in ("connected", "wrap_up") else None


def hands(state: State, record: ContactRecord) -> tuple[str, ...]:
    """Its holder, and the colleague who is asked about it."""
    return tuple(agent for agent in (holder(state, record), record.second) if agent is not None)


def unknown(name: str) -> Problem:
    return Problem("unknown_contact", f"no contact {name} is known, or it ended long ago")


def _page(state: State, wanted: ContactsWanted, now: int) -> ContactList:
    """One page. A scan of all contacts kept (a day's): about 2 ms for each 10,000."""
    order = _place if wanted.reason == LOST else _newest
    floor: tuple[int, str] | None = None
    if isinstance(wanted.after, str):
        last = state.contacts.get(wanted.after)
        if last is None:
            raise unknown(wanted.after)
        floor = order(last)
    matching = (
        record
        for record in state.contacts.values()
        if (wanted.state is UNSET or record.state == wanted.state)
        and (wanted.reason is UNSET or (record.state == "gone" and record.reason == wanted.reason))
        and (wanted.channel is UNSET or record.channel == wanted.channel)
        and (floor is None or order(record) > floor)
    )
    found = heapq.nsmallest(wanted.limit + 1, matching, key=order)
    page = found[: wanted.limit]
    return ContactList(
        [contact_view(record, now) for record in page],
        page[-1].contact if len(found) > wanted.limit else None,
    )


def _newest(record: ContactRecord) -> tuple[int, str]:
    return (-record.arrived_at, record.contact)


def _place(record: ContactRecord) -> tuple[int, str]:
    return (record.rank, record.contact)


def _is_known(state: State, name: str, new: NewContact) -> bool:
    """Whether this repeats what was created: told apart before the present policy, which may be another."""
    known = state.contacts.get(name)
    if known is None:
        return False
    return (known.channel, known.topic, known.language) == (new.channel, new.topic, new.language)


def _event(state: State, name: str, new: NewContact) -> Contact:
    """The event for a new contact: its needs and target are the policy's unless it says its own."""
    needs: Any = needs_of(state.policy, new.topic, new.language)  # also refuses words the policy lacks
    if new.needs is not UNSET:
        needs = tuple(new.needs) if isinstance(new.needs, list) else (new.needs,)
    target = _microseconds(new.target_s)
    if target is None:
        target = target_of(state.policy, new.topic)
    return Contact(
        name,
        new.channel,
        needs,
        target=target,
        due=_microseconds(new.due_s),
        vulnerable=new.vulnerable,
        prefers=tuple(new.prefers) if isinstance(new.prefers, list) else (),
        citizen=new.citizen if isinstance(new.citizen, str) else None,
        topic=new.topic,
        language=new.language,
        direct=new.direct if isinstance(new.direct, str) else None,
        pool=new.pool if isinstance(new.pool, str) else "",
        after=new.after if isinstance(new.after, str) else None,
    )


def _microseconds(value: float | UnsetType) -> int | None:
    return round(value * SECOND) if isinstance(value, float) else None
