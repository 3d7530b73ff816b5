"""The calls in hand, and the few changes of which everything that happens to a call is made.

Pure: no I/O, no clock, no asyncio, no logging. It decides nothing; `reduce` does. It never gives a caller
to two agents: the caller's one channel is moved, and channels are never joined. It moves nobody whatever they
do: a move names where the caller must still be (a bridge, a dial that rings), elsewhere Asterisk refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from router.core.events import Ended, Event, Found, Gone, Outcome
from router.phone import ami_actions
from router.phone.call import Call, Due, Phase
from router.phone.said import Do, Look, Output, Tell

if TYPE_CHECKING:
    from collections.abc import Mapping

DIAL, WAITING, FALLBACK = "guichet-dial", "guichet-waiting", "guichet-fallback"
HALL = "guichet-hall-"  # a holding bridge of each caller's own: one of all would list all at each entry
GO = "GUICHET_GO"  # `TURN:WHERE`: obeyed by the dialplan only in that turn
BACK, AWAY = "D", "C"  # keys that end a dial which still rings: to the music, to the native queue
ON = "A"  # the key that ends an announcement
SILENT_S = 1.0  # a phone that has not said by then that it rings is taken for dead
ALWAYS = 2**62  # for what is harmless whenever it comes


class Calls:
    """Every call in hand. `endpoints`: agent -> endpoints that ring for them, joined by dots."""

    def __init__(self, endpoints: Mapping[str, str]) -> None:
        self.endpoints = endpoints
        self.agents = agents_of(endpoints)
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

    def of(self, uniqueid: str) -> Call | None:
        """The call that this channel, of whomever, belongs to."""
        return self.calls.get(self.callers.get(uniqueid) or self.legs.get(uniqueid, ""))

    def rings(self, call: Call, leg: str) -> bool:
        """Whether this channel is a phone of the agent whom the call is for."""
        return bool(call.agent) and self.agent_of(leg) == call.agent

    def agent_of(self, leg: str) -> str:
        """Whose phone this channel is, or an empty string."""
        technology, _, name = leg.partition("/")
        return self.agents.get(name.rpartition("-")[0], "") if technology == "PJSIP" else ""

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
        call.leg, call.leg_id, call.rang = leg, leg_id, False
        if leg_id:
            self.legs[leg_id] = call.contact

    def wait(self, call: Call) -> None:
        """The caller hears music; what came too early is done now."""
        self.move(call, "waiting")
        call.offer = call.agent = ""
        call.released = call.disputed = False
        call.sent = None
        self.go(call)

    def go(self, call: Call) -> None:
        """Once the caller is in the hall, to wherever they are due."""
        if call.next is None or call.phase != "waiting" or not call.hall:
            return
        due, call.next = call.next, None
        if due.aim == "dial":
            self.dialling(call, due)
        self.send(call, due)

    def dialling(self, call: Call, due: Due) -> None:
        self.rung(call, "", "")
        call.offer, call.agent, call.sent = due.offer, due.agent, due
        self.move(call, "dialling")

    def send(self, call: Call, due: Due) -> None:
        """Out of the hall. Elsewhere the kick is refused, and in another turn the variable is passed over."""
        do = Do(
            ami_actions.Setvar(GO, f"{call.turn}:{due.where}", call.channel),
            call.contact, due.do_before, due.aim, due.offer, due.agent,
        )  # fmt: skip
        self.out.append(_kick(do, call.hall) if call.hall else do)

    def forget_where(self, call: Call) -> None:
        self.out.append(Do(ami_actions.Setvar(GO, "", call.channel), call.contact, ALWAYS, "return"))

    def bring_back(self, call: Call, do_before: int) -> None:
        """To the music: out of a dial that still rings, or out of the conversation that the caller is in."""
        if call.phase == "talking":
            do = Do(
                ami_actions.Setvar(GO, f"{call.turn}:wait", call.channel), call.contact, do_before, "return"
            )
            call.back_before = do_before
            if call.bridge:
                self.out.append(_kick(do, call.bridge))
        else:
            self.ends_ringing(call, BACK, do_before, "return")
        self.move(call, "returning")

    def ends_ringing(self, call: Call, key: str, do_before: int, aim: Literal["return", "divert"]) -> None:
        """The variable too: a dial that Asterisk has not begun must not begin."""
        first = ami_actions.Setvar(GO, "", call.channel)
        self.out.append(
            Do(ami_actions.PlayDTMF(call.channel, key), call.contact, do_before, aim, first=first)
        )

    def divert(self, call: Call, do_before: int) -> None:
        """To the native queue, which says so itself once it has the caller."""
        due = Due("fallback", do_before, "divert")
        if call.phase == "dialling":
            self.ends_ringing(call, AWAY, do_before, "divert")
        elif call.phase == "waiting":
            self.send(call, due)
        else:  # on their way back: when they come in, it is their next turn
            variable = ami_actions.Setvar(GO, f"{call.turn + 1}:{due.where}", call.channel)
            self.out.append(Do(variable, call.contact, do_before, "divert"))

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
        if call.talk is not None:
            for channel in call.talk.ids():
                self.legs.pop(channel, None)
            call.talk = None
        if not call.leg_id:
            self.withdrawn(call)
            del self.calls[call.contact]

    def agrees(self, call: Call, agent: str) -> None:
        """The caller talks with this agent, whatever the core believes: it is told."""
        call.agent, call.disputed = agent, True
        self.tell(call.contact, Found(call.contact, "bridged", agent))
        if call.released:
            self.failed(call.contact, call.withdrawn, "bridged")
            call.released, call.withdrawn = False, ""
        self.withdrawn(call)
        self.move(call, "talking")

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


def agents_of(endpoints: Mapping[str, str]) -> dict[str, str]:
    """Whose phone each endpoint is."""
    return {each: agent for agent, several in endpoints.items() for each in several.split(".")}


def _kick(do: Do, bridge: str) -> Do:
    """The variable that says where to go, then out of this bridge."""
    assert isinstance(do.action, ami_actions.Setvar)
    return replace(do, action=ami_actions.BridgeKick(bridge, do.action.channel), first=do.action)
