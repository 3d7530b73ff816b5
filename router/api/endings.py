"""What becomes of a contact, over HTTP: the citizen left, it ended, wrap-up is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.contact_views import ContactView
from router.api.contacts import holder, read_contact, unknown
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.core.events import Done, Ended, Event, Gone

if TYPE_CHECKING:
    from router.api.permissions import Caller
    from router.core.state import State
    from router.door import Door

_PROBLEMS = ("unknown_contact", "not_yours", "not_now")


class Endings:
    """The operations that move a contact on."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route(
                "end_contact_as_gone", "POST", "/contacts/{contact}/gone", self.gone,
                "The citizen left before being served", {200: ContactView}, problems=_PROBLEMS,
            ),
            Route(
                "end_contact", "POST", "/contacts/{contact}/ended", self.ended,
                "The conversation is over; wrap-up begins", {200: ContactView}, problems=_PROBLEMS,
            ),
            Route(
                "finish_contact", "POST", "/contacts/{contact}/done", self.done,
                "Wrap-up is over", {200: ContactView}, problems=_PROBLEMS,
            ),
        ]  # fmt: skip

    async def gone(self, ask: Ask[None, None]) -> Reply:
        return await self._submit(Gone(ask.path["contact"]), ask.path["contact"])

    async def ended(self, ask: Ask[None, None]) -> Reply:
        contact = ask.path["contact"]
        agent = await self._agent_of(contact, ask.caller)
        return await self._submit(Ended(contact, agent), contact)

    async def done(self, ask: Ask[None, None]) -> Reply:
        contact = ask.path["contact"]
        agent = await self._agent_of(contact, ask.caller)
        if agent is None:
            raise Problem("not_now", f"contact {contact} is with no agent")
        return await self._submit(Done(contact, agent), contact)

    async def _agent_of(self, contact: str, caller: Caller) -> str | None:
        """The agent who has, or last had, this contact; a Problem for an agent who asks for another's."""

        def question(state: State) -> str | None:
            record = state.contacts.get(contact)
            if record is None:
                raise unknown(contact)
            agent = holder(state, record) or record.agent
            caller.must_be(agent)
            return agent

        return await self._door.read(question)

    async def _submit(self, event: Event, contact: str) -> Reply:
        result = await self._door.submit(event)
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(await read_contact(self._door, contact))
