"""The calls in hand, and the few changes of which everything that happens to a call is made.

Pure: no I/O, no clock, no asyncio, no logging. It decides nothing; `reduce` does. It never gives a caller
to two agents: the caller's one channel is moved, and channels are never joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Ended, Event, Found, Gone, Outcome
from router.phone import ami
from router.phone.call import Call, Phase
from router.phone.said import Do, Look, Output, Tell

if TYPE_CHECKING:
    from collections.abc import Mapping

DIAL, WAITING, FALLBACK = "guichet-dial", "guichet-waiting", "guichet-fallback"


class Calls:
    """Every call in hand. `endpoints`: agent -> endpoint that rings for them."""

    def __init__(self, endpoints: Mapping[str, str]) -> None:
        self.endpoints = endpoints
        self.calls: dict[str, Call] = {}
        self.callers: dict[str, str] = {}  # caller's unique id -> contact
        self.legs: dict[str, str] = {}  # leg's unique id -> contact
        self.inputs = 0
        self.linked = False  # events are complete: since the last survey, without a gap
        self.out: list[Output] = []

    def by_caller(self, uniqueid: str) -> Call | None:
        return self.calls.get(self.callers.get(uniqueid, ""))

    def by_leg(self, uniqueid: str) -> Call | None:
        call = self.calls.get(self.legs.get(uniqueid, ""))
        return call if call is not None and call.leg_id == uniqueid else None

    def rings(self, call: Call, leg: str) -> bool:
        """Whether this channel is the phone of the agent whom the call is for."""
        technology, _, name = leg.partition("/")
        return technology == "PJSIP" and name.rpartition("-")[0] == self.endpoints.get(call.agent)

    # ---- changes

    def add(self, contact: str, channel: str, uniqueid: str, phase: Phase) -> Call:
        call = Call(contact, channel, uniqueid, phase, changed=self.inputs)
        self.calls[contact] = call
        self.callers[uniqueid] = contact
        return call

    def move(self, call: Call, phase: Phase) -> None:
        call.phase = phase
        call.changed = self.inputs

    def rung(self, call: Call, leg: str, leg_id: str) -> None:
        """This is the leg that rings, or rang, for the call."""
        self.legs.pop(call.leg_id, None)
        call.leg, call.leg_id = leg, leg_id
        if leg_id:
            self.legs[leg_id] = call.contact

    def wait(self, call: Call) -> None:
        """The caller hears music; an offer that came too early is done now."""
        self.move(call, "waiting")
        call.offer = call.agent = ""
        call.released = call.disputed = False
        do, call.next = call.next, None
        if do is not None:
            self.dial(call, do)

    def dial(self, call: Call, do: Do) -> None:
        self.rung(call, "", "")
        call.offer, call.agent = do.offer, do.agent
        self.move(call, "dialling")
        self.out.append(do)

    def bring_back(self, call: Call, do_before: int) -> None:
        self.move(call, "returning")
        self.out.append(Do(ami.Redirect(call.channel, WAITING), call.contact, do_before, "return"))

    def caller_left(self, call: Call) -> None:
        """The caller's channel is no more."""
        if call.phase == "entering" and not call.durable:
            call.left = True  # told once the log holds the contact
        elif call.phase == "talking":
            self.ended(call)
        elif call.phase == "menu":
            self.over(call)
        elif call.released and call.phase == "returning":
            self.tell(call.contact, Found(call.contact, "absent"))
            self.over(call)
        elif call.phase != "over":
            self.gone(call, "left")

    def ended(self, call: Call) -> None:
        self.tell(call.contact, Ended(call.contact, call.agent))
        self.over(call)

    def gone(self, call: Call, reason: str) -> None:
        self.tell(call.contact, Gone(call.contact, reason))
        self.over(call)

    def over(self, call: Call) -> None:
        """Forgotten, unless its leg still rings: the answer to a withdrawal must wait for that."""
        self.move(call, "over")
        call.next = None
        if self.callers.get(call.uniqueid) == call.contact:
            del self.callers[call.uniqueid]
        if not call.leg_id:
            self.withdrawn(call)
            del self.calls[call.contact]

    def leg_ended(self, call: Call) -> None:
        self.legs.pop(call.leg_id, None)
        call.leg_id = ""
        if call.phase == "talking":
            self.ended(call)
        elif call.phase == "over":
            self.over(call)
        elif call.phase == "waiting":
            self.withdrawn(call)

    # ---- what is told

    def tell(self, contact: str, event: Event) -> None:
        self.out.append(Tell(contact, event))

    def withdrawn(self, call: Call) -> None:
        """The withdrawal that waited for this is done."""
        effect, call.withdrawn = call.withdrawn, ""
        self.outcome(call.contact, effect)

    def outcome(self, contact: str, effect: str) -> None:
        if effect:
            self.tell(contact, Outcome(effect, "done"))

    def failed(self, contact: str, effect: str, reason: str) -> None:
        if effect:
            self.tell(contact, Outcome(effect, "failed", reason))

    def look(self, contact: str) -> None:
        self.out.append(Look(contact))
