"""What each thing that is said means for the calls: `apply(calls, said)` gives what to do and tell. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.phone import ami, asterisk_said, controls_heard, core_said, seen
from router.phone.ami_agents import DeviceState, NewChannel
from router.phone.controls_ami import ControlEvent
from router.phone.said import (
    Accepted,
    Closed,
    Did,
    Entered,
    Ordered,
    Seen,
    Submitting,
    Surveyed,
    Told,
    Turned,
    Woke,
)

if TYPE_CHECKING:
    from router.phone.calls import Calls
    from router.phone.said import Input, OfCall, Output


def apply(calls: Calls, said: Input) -> list[Output]:
    """Take one thing that happened; what follows from it, in order."""
    calls.inputs += 1
    calls.out = []
    if controls_heard.heard(calls, said):
        return calls.out
    match said:
        case ami.LinkLost():
            calls.linked = False
        case ami.Waiting():
            asterisk_said.waiting(calls, said)
        case ami.DialBegin():
            asterisk_said.dial_began(calls, said)
        case ami.DialState():
            asterisk_said.sounds(calls, said)
        case ami.BridgeEnter():
            asterisk_said.entered_bridge(calls, said)
        case ami.DialEnd():
            asterisk_said.dial_ended(calls, said)
        case ami.HungUp():
            asterisk_said.hung_up(calls, said.uniqueid)
        case ami.Fallback():
            asterisk_said.fallback(calls, said.contact)
        case Ordered():
            core_said.ordered(calls, said.effect, said.do_before)
        case Told():
            core_said.told(calls, said)
        case Seen():
            seen.seen(calls, said)
        case Surveyed():
            seen.surveyed(calls, said)
        case Did():
            asterisk_said.did(calls, said)
        case (
            ami.Keyed()
            | ami.Asks()
            | ami.Announce()
            | ami.LoggedIn()
            | ami.Booted()
            | NewChannel()
            | DeviceState()
            | ControlEvent()
        ):
            pass  # not about a call in hand
        case _:
            _milestone(calls, said)
    return calls.out


def receipt(calls: Calls, contact: str, now: int) -> str:
    """Where a caller whose contact is durable goes from the menu: to an agent at once, or to wait."""
    call = calls.calls.get(contact)
    due = call.next if call is not None else None
    if call is None or due is None or call.phase != "entering" or due.aim != "dial" or now >= due.do_before:
        return "wait"
    calls.inputs += 1
    call.next = None
    calls.dialling(call, due)
    return due.where


def _milestone(calls: Calls, said: OfCall) -> None:
    call = calls.calls.get(said.contact)
    if isinstance(said, Entered) and call is None:
        calls.add(said.contact, said.channel, said.uniqueid, "menu")
    if call is None:
        return
    match said:
        case Submitting() if call.phase == "menu":
            calls.move(call, "entering")
        case Accepted():
            call.durable = True
            if call.left:
                calls.gone(call, "left")
        case Turned() if call.phase in ("menu", "entering"):
            calls.over(call)
        case Woke():
            asterisk_said.woke(calls, call, said.offer)
        case Closed():
            core_said.closed(calls, call, said.do_before)
        case _:
            pass
