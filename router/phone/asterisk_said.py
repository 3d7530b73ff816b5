"""What Asterisk's events and answers mean for a call. Pure.

Asterisk's own word outranks ours. An event that fits no phase is late or a double and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Answer, Found, Gone
from router.phone import ami, ami_actions, controls_ended
from router.phone.calls import ALWAYS, BACK, HALL, ON, SILENT_S
from router.phone.said import Do, Wake

if TYPE_CHECKING:
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.said import Did

SOUNDS = ("RINGING", "PROGRESS")


def waiting(calls: Calls, said: ami.Waiting) -> None:
    """The caller is (back) on music."""
    call = calls.calls.get(said.contact)
    if call is None:
        if said.contact:  # from before our start: if the state knows the contact, it is ours
            calls.add(said.contact, said.channel, said.uniqueid, "waiting").turn = said.turn
            calls.tell(said.contact, Found(said.contact, "waiting"))
        return
    if call.uniqueid != said.uniqueid or said.turn <= call.turn:
        return
    call.turn, call.bridge, call.hall = said.turn, "", ""
    if call.phase in ("menu", "entering"):
        calls.wait(call)
    elif call.phase == "returning":
        returned(calls, call)
    elif call.phase == "dialling":
        _unanswered(calls, call, said.dial_status)


def entered_bridge(calls: Calls, said: ami.BridgeEnter) -> None:
    """Where the caller is from now on. The hall is entered anew every three seconds."""
    call = calls.by_caller(said.uniqueid)
    if call is None:
        return
    if said.name.startswith(HALL):
        call.hall = said.bridge
        _in_the_hall(calls, call)
    else:
        call.bridge = said.bridge
        if call.phase == "returning" and call.released:
            calls.move(call, "talking")
            calls.bring_back(call, call.back_before)  # it was not known out of which bridge


def _in_the_hall(calls: Calls, call: Call) -> None:
    if call.phase == "dialling" and call.sent is not None and not call.leg:
        calls.send(call, call.sent)  # our kick met them between two stays: said once more
    elif call.phase == "returning" and call.sent is not None and not call.leg:
        returned(calls, call)  # the dial had not begun, and will not
    else:
        calls.go(call)


def returned(calls: Calls, call: Call) -> None:
    """Back by order of the core."""
    if call.released and not call.withdrawn:
        calls.tell(call.contact, Found(call.contact, "waiting"))
    if call.released or not call.leg_id:  # after a conversation Asterisk ends the agent's leg by itself
        calls.withdrawn(call)
    calls.wait(call)


def _unanswered(calls: Calls, call: Call, status: str) -> None:
    """Back because nobody answered. Busy and unreachable phones may say so without ever having rung."""
    contact, offer, agent = call.contact, call.offer, call.agent
    if not offer or status in (
        "",
        "ANSWER",
        "CANCEL",
    ):  # nobody's doing: the caller's own key ended the ringing
        calls.tell(contact, Found(contact, "waiting"))
    elif status == "BUSY":
        calls.tell(contact, Answer(offer, contact, agent, "declined", "busy"))
    elif status == "NOANSWER":
        calls.tell(contact, Answer(offer, contact, agent, "missed"))
    else:
        calls.tell(contact, Answer(offer, contact, agent, "missed", "unreachable"))
    calls.wait(call)


def dial_began(calls: Calls, said: ami.DialBegin) -> None:
    call = calls.by_caller(said.uniqueid)
    if call is None or call.phase not in ("dialling", "returning") or not calls.rings(call, said.leg):
        return
    calls.rung(call, said.leg, said.leg_id)
    if call.phase == "returning":
        calls.ends_ringing(call, BACK, ALWAYS, "return")  # what we sent came before there was a dial to end
    elif call.offer:
        calls.out.append(Wake(call.contact, call.offer, SILENT_S))


def sounds(calls: Calls, said: ami.DialState) -> None:
    """A phone is really there."""
    call = calls.by_caller(said.uniqueid)
    if call is not None and said.status in SOUNDS and calls.rings(call, said.leg):
        call.rang = True


def woke(calls: Calls, call: Call, offer: str) -> None:
    """A phone that is silent for so long is not there: the next one, at once."""
    if call.phase == "dialling" and call.offer == offer and not call.rang:
        calls.tell(call.contact, Answer(offer, call.contact, call.agent, "missed", "silent"))
        calls.bring_back(call, ALWAYS)


def dial_ended(calls: Calls, said: ami.DialEnd) -> None:
    """An agent picked up. Every other end is heard of when the caller is waiting again, free to be moved."""
    call = calls.by_caller(said.uniqueid)
    agent = calls.agent_of(said.leg)
    if call is None or not agent or call.released or said.status != "ANSWER":
        return
    if call.phase in ("menu", "talking", "over"):
        return
    calls.rung(call, said.leg, said.leg_id)
    if call.phase != "dialling" or agent != call.agent:
        calls.agrees(call, agent)  # sooner than our withdrawal, or by another hand than ours
        return
    if call.offer:
        calls.tell(call.contact, Answer(call.offer, call.contact, call.agent, "accepted"))
    else:
        calls.tell(call.contact, Found(call.contact, "bridged", call.agent))
    calls.move(call, "talking")


def hung_up(calls: Calls, uniqueid: str) -> None:
    if controls_ended.hung_up(calls, uniqueid):
        return
    if (call := calls.by_caller(uniqueid)) is not None:
        calls.caller_left(call)
    elif (call := calls.by_leg(uniqueid)) is not None:
        calls.leg_ended(call)


def fallback(calls: Calls, contact: str) -> None:
    """Asterisk's own queue has the caller: the core must not wait for them, whatever it knows."""
    call = calls.calls.get(contact)
    if call is not None and call.phase != "over":
        calls.gone(call, "fallback")
    elif call is None and contact:
        calls.tell(contact, Gone(contact, "fallback"))


def did(calls: Calls, said: Did) -> None:
    """How one of our actions went."""
    do, result = said.do, said.result
    call = calls.calls.get(do.contact)
    if call is None:
        return
    contact, offer = call.contact, call.offer
    if result in ("unsent", "unknown"):
        calls.look(contact)
    elif result == "absent" and do.aim != "divert":
        calls.caller_left(call)
    elif do.aim == "dial" and call.phase == "dialling" and offer == do.offer:
        if result == "late":
            calls.tell(contact, Found(contact, "waiting"))
            calls.forget_where(call)  # an earlier try may have left it there
            calls.wait(call)
        elif result == "denied":  # between two stays in the hall, or hearing their place: no longer
            calls.out.append(Do(ami_actions.PlayDTMF(call.channel, ON), contact, do.do_before, "return"))
    elif do.aim == "return" and call.phase == "returning" and result in ("late", "denied"):
        calls.failed(contact, call.withdrawn, result)
        calls.move(call, "talking" if call.released else "dialling")
        call.withdrawn, call.released = "", False
