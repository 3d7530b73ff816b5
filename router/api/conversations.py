"""A conversation in progress, over HTTP: transfer it, ask a colleague, hold it, listen to it, record it.

What is asked becomes an event that names who asked; the gateway acts, and the answer tells what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from router.api.contacts import unknown
from router.api.mends import problem_of
from router.api.outcomes import Known, asked, performed
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import Consultation, Transfer, Wish
from router.api.transfers import transfer
from router.core.effects import Perform, Release
from router.core.events import Consult, Control

if TYPE_CHECKING:
    from router.api.outcomes import Outcomes
    from router.api.permissions import Caller
    from router.api.settings import Settings
    from router.core.events import Event
    from router.core.state import State
    from router.core.step import Result
    from router.door import Door

WITHIN = 3.0  # seconds a gateway has to say what came of it
OVERHEARING = ("listen", "whisper", "barge")
RECORDING = ("record", "resume")  # what needs `recording.allowed`: who records already may always stop
_PROBLEMS = ("unknown_contact", "not_yours", "not_now", "gateway_failed", "gateway_unknown")


class Performed(Struct, frozen=True):
    """`done`, or `asked`: a colleague's phone rings, and what comes of it is told on the live socket."""

    result: Literal["done", "asked"]


class Conversations:
    """The operations on a conversation. Each waits for the gateway, at most `WITHIN`."""

    def __init__(self, door: Door, outcomes: Outcomes, settings: Settings) -> None:
        self._door = door
        self._outcomes = outcomes
        self._settings = settings

    def routes(self) -> list[Route]:
        return [
            Route(
                "transfer_contact", "POST", "/contacts/{contact}/transfer", self.transfer,
                "Back to waiting at its old place, for an agent, a topic, a language or given needs",
                {200: Performed}, body=Transfer, problems=(*_PROBLEMS, "unknown_agent"),
            ),
            Route(
                "consult_colleague", "POST", "/contacts/{contact}/consult", self.consult,
                "Ask a colleague while the citizen hears music; then `complete`, `back` or `conference`",
                {200: Performed, 202: Performed}, body=Consultation, problems=(*_PROBLEMS, "unknown_agent"),
            ),
            Route(
                "control_contact", "POST", "/contacts/{contact}/control", self.control,
                "Hold, complete, record …: its agent. Listen, whisper, barge in: a supervisor",
                {200: Performed}, body=Wish, problems=(*_PROBLEMS, "recording_off"),
            ),
        ]  # fmt: skip

    async def transfer(self, ask: Ask[Transfer, None]) -> Reply:
        contact = ask.path["contact"]
        event = await self._door.read(lambda state: transfer(state, contact, ask.caller, ask.body))
        return await self._perform(event, contact)

    async def consult(self, ask: Ask[Consultation, None]) -> Reply:
        contact, second = ask.path["contact"], ask.body.agent
        await self._door.read(lambda state: _own(state, contact, ask.caller))
        event = Consult(contact, second, ask.caller.name)
        with self._outcomes.follow() as following:
            await self._submit(event)
            known = await following.of(asked(contact, second), contact, WITHIN)
        if known is None:  # it may well ring for longer
            return Reply(Performed("asked"), 202)
        problem = problem_of(known)
        if problem is not None:
            raise problem
        return Reply(Performed("done"))

    async def control(self, ask: Ask[Wish, None]) -> Reply:
        contact, what, caller = ask.path["contact"], ask.body.what, ask.caller
        if not caller.may("overhear" if what in OVERHEARING else "converse"):
            others = "supervisors" if what in OVERHEARING else "the contact's own agent"
            raise Problem("not_allowed", f"{what} is for {others}")
        phone = self._phone(ask.body)
        via = await self._door.read(lambda state: _own(state, contact, caller))
        if what in RECORDING and via not in self._settings.recording:
            raise Problem(
                "recording_off", f"the operator allows it with gateways.{_key(via)}.recording.allowed"
            )
        return await self._perform(Control(contact, what, caller.name, phone), contact)

    def _phone(self, wish: Wish) -> str:
        """Where to listen: never a number of the caller's choice, or anybody's telephone could be rung."""
        phone = wish.phone if isinstance(wish.phone, str) else ""
        if (wish.what in OVERHEARING) != bool(phone):
            mend = "say where you listen" if not phone else f"{wish.what} takes no phone"
            raise Problem("bad_field", mend, field="phone")
        if phone and phone not in self._settings.phones:
            mend = "no endpoint of an agent, nor in gateways.phone.supervisors"
            raise Problem("bad_field", mend, field="phone")
        return phone

    async def _perform(self, event: Event, contact: str) -> Reply:
        """Submit it; where a gateway must act, wait for what it says."""
        with self._outcomes.follow() as following:
            result = await self._submit(event)
            ours = (effect for effect in result.effects if isinstance(effect, (Perform, Release)))
            effect = next((effect.effect_id for effect in ours if effect.contact == contact), "")
            known = await following.of(performed(effect), contact, WITHIN) if effect else Known("done")
        problem = problem_of(known)
        if problem is not None:
            raise problem
        return Reply(Performed("done"))

    async def _submit(self, event: Event) -> Result:
        result = await self._door.submit(event)
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return result


def _key(via: str) -> str:
    """Where a gateway stands in the configuration: there is one phone, or several by name."""
    return "phone" if via in ("phone", "") else f"phones.{via}"


def _own(state: State, contact: str, caller: Caller) -> str:
    """The gateway of the contact. Raises unless it is known and, for an agent, in conversation with them."""
    record = state.contacts.get(contact)
    if record is None:
        raise unknown(contact)
    caller.must_be(record.agent)
    return record.via
