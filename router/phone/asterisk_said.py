"""What Asterisk's events and answers mean for a call. Pure.

Asterisk's own word outranks ours. An event that fits no phase is late or a double and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Answer, Found, Gone

if TYPE_CHECKING:
    from router.phone import ami
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.said import Did

RANG = ("NOANSWER", "CANCEL")  # how a dial ends that has rung a phone


def waiting(calls: Calls, said: ami.Waiting) -> None:
    """The caller is (back) on music."""
    call = calls.calls.get(said.contact)
    if call is None:
        if said.contact:  # from before our start: if the state knows the contact, it is ours
            calls.add(said.contact, said.channel, said.uniqueid, "waiting")
            calls.tell(said.contact, Found(said.contact, "waiting"))
        return
    if call.uniqueid != said.uniqueid or (said.at and said.at == call.stamp):
        return
    call.stamp = said.at
    if call.phase in ("menu", "entering"):
        calls.wait(call)
    elif call.phase == "returning":
        returned(calls, call)
    elif call.phase == "dialling":
        _unanswered(calls, call, said.dial_status)


def returned(calls: Calls, call: Call) -> None:
    """Back by order of the core."""
    if call.released:
        calls.tell(call.contact, Found(call.contact, "waiting"))
    if not call.leg_id:
        calls.withdrawn(call)
    calls.wait(call)


def _unanswered(calls: Calls, call: Call, status: str) -> None:
    """Back because nobody answered. Busy and unreachable phones may say so without ever having rung."""
    if status in RANG and not call.leg:
        return  # of an earlier dial, crossed with our redirect: this one has rung nobody yet
    contact, offer, agent = call.contact, call.offer, call.agent
    if not offer:
        calls.tell(contact, Found(contact, "waiting"))
    elif status == "BUSY":
        calls.tell(contact, Answer(offer, contact, agent, "declined", "busy"))
    elif status in RANG:
        calls.tell(contact, Answer(offer, contact, agent, "missed"))
    else:
        calls.tell(contact, Answer(offer, contact, agent, "missed", "unreachable"))
    calls.wait(call)


def dial_began(calls: Calls, said: ami.DialBegin) -> None:
    call = calls.by_caller(said.uniqueid)
    if call is not None and call.phase in ("dialling", "returning") and calls.rings(call, said.leg):
        calls.rung(call, said.leg, said.leg_id)


def dial_ended(calls: Calls, said: ami.DialEnd) -> None:
    """An agent picked up. Every other end is heard of when the caller is waiting again, free to be moved."""
    call = calls.by_caller(said.uniqueid)
    if call is None or call.phase != "dialling" or said.status != "ANSWER":
        return
    if not calls.rings(call, said.leg):
        return
    calls.rung(call, said.leg, said.leg_id)
    if call.offer:
        calls.tell(call.contact, Answer(call.offer, call.contact, call.agent, "accepted"))
    else:
        calls.tell(call.contact, Found(call.contact, "bridged", call.agent))
    calls.move(call, "talking")


def hung_up(calls: Calls, uniqueid: str) -> None:
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
    contact, offer, agent = call.contact, call.offer, call.agent
    if result in ("unsent", "unknown"):
        calls.look(contact)
    elif result == "absent" and do.aim in ("dial", "return"):
        calls.caller_left(call)
    elif do.aim == "dial" and call.phase == "dialling" and offer == do.offer:
        if result == "late":
            calls.tell(contact, Found(contact, "waiting"))
            calls.wait(call)
        elif result == "denied":
            calls.tell(contact, Answer(offer, contact, agent, "missed", "unreachable"))
            calls.wait(call)
    elif do.aim == "return" and call.phase == "returning" and result in ("late", "denied"):
        calls.failed(contact, call.withdrawn, result)
        calls.move(call, "talking" if call.released else "dialling")
        call.withdrawn, call.released = "", False
