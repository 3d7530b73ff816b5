"""What the core's effects and answers mean for a call. Pure.

An offer is carried out only while the caller waits, or rings elsewhere; one that comes too early is kept, one
per call, and one that comes too late is answered with what is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from router.core.effects import (
    Confirm,
    Consult,
    Divert,
    Effect,
    Offer,
    Pause,
    Perform,
    Propose,
    Refuse,
    Release,
    Replaced,
    Requeue,
    Resume,
    SetAway,
    Withdraw,
)
from router.core.events import Answer, Found
from router.phone import controls
from router.phone.call import Due

if TYPE_CHECKING:
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.said import Told


def ordered(calls: Calls, effect: Effect, do_before: int) -> None:
    """An effect that names our gateway."""
    match effect:
        case Offer():
            _offer(calls, effect, do_before)
        case Withdraw():
            _withdraw(calls, effect, do_before)
        case Release():
            _release(calls, effect, do_before)
        case Divert():
            _divert(calls, effect, do_before)
        case Confirm():
            calls.look(effect.contact)
        case Consult():
            controls.consult(calls, effect, do_before)
        case Perform():
            controls.perform(calls, effect, do_before)
        case Refuse():
            _divert(calls, effect, do_before)
        case Requeue() | SetAway() | Replaced() | Pause() | Resume() | Propose():
            pass  # they only tell
        case _:
            assert_never(effect)


def _offer(calls: Calls, effect: Offer, do_before: int) -> None:
    contact, agent = effect.contact, effect.agent
    if not calls.linked:
        return  # the survey that ends the gap tells the core that the caller still waits
    call = calls.calls.get(contact)
    if call is None:
        calls.look(contact)
        return
    if effect.offer in call.offers:
        return
    call.offers.add(effect.offer)
    endpoint = calls.endpoints.get(agent)
    if endpoint is None:
        calls.tell(contact, Answer(effect.offer, contact, agent, "missed", "unreachable"))
        return
    due = Due(f"dial:{endpoint}", do_before, "dial", effect.offer, agent)
    if call.phase in ("menu", "entering", "returning", "waiting"):
        call.next = due
        calls.go(call)
    elif call.phase == "dialling":
        call.next = due
        calls.bring_back(call, do_before)
    elif call.phase == "talking" and not call.disputed:
        calls.tell(contact, Found(contact, "bridged", call.agent))


def _withdraw(calls: Calls, effect: Withdraw, do_before: int) -> None:
    call = calls.calls.get(effect.contact)
    if call is None:
        if calls.linked:
            calls.outcome(effect.contact, effect.effect_id)
    elif call.next is not None and call.next.offer == effect.offer:
        call.next = None
        calls.outcome(call.contact, effect.effect_id)
    elif effect.offer != call.offer:
        calls.outcome(call.contact, effect.effect_id)
    elif call.phase == "dialling":
        call.withdrawn = effect.effect_id
        calls.bring_back(call, do_before)
    elif call.phase == "talking" and not call.disputed:
        call.withdrawn = effect.effect_id  # crossed with the answer: its refusal settles both
    elif call.phase == "over":
        call.withdrawn = effect.effect_id  # the caller left; its leg is about to end
    else:
        calls.outcome(call.contact, effect.effect_id)


def _release(calls: Calls, effect: Release, do_before: int) -> None:
    """The agent's leg ends; the caller goes back to the music, not out of the building."""
    call = calls.calls.get(effect.contact)
    if call is None or call.phase != "talking" or call.agent != effect.agent:
        calls.look(effect.contact)
        return
    call.released, call.withdrawn = True, effect.effect_id
    calls.bring_back(call, do_before)
    if call.talk is not None:
        controls.let_go(calls, call, call.talk)


def _divert(calls: Calls, effect: Divert | Refuse, do_before: int) -> None:
    """The native queue says so itself once it has the caller."""
    call = calls.calls.get(effect.contact)
    if call is None:
        calls.look(effect.contact)
    elif call.phase in ("waiting", "dialling", "returning"):
        calls.divert(call, do_before)


def told(calls: Calls, said: Told) -> None:
    """What the core refused of what we told it."""
    call = calls.calls.get(getattr(said.event, "contact", ""))
    if call is None or not said.refusal:
        return
    match said.event:
        case Answer(answer="accepted", offer=offer) if call.phase == "talking" and call.offer == offer:
            calls.agrees(call, call.agent)
        case Found(where="waiting") if said.refusal == "unknown_contact" and call.phase == "waiting":
            calls.over(call)  # nobody's contact: left alone
        case _:
            pass


def closed(calls: Calls, call: Call, do_before: int) -> None:
    """Gone by another's word while the caller is there: the native queue serves them."""
    if call.phase in ("waiting", "dialling", "returning"):
        calls.divert(call, do_before)
        calls.over(call)
