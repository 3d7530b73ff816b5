"""What Asterisk's events and answers mean for a conversation under control. Pure.

Whoever hangs up, and whenever: the citizen is with an agent, on their way to the music, or gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Consulted, Found
from router.phone import ami, controls_ami, controls_aside
from router.phone.controls import answer, end, join, let_go, second_over
from router.phone.controls_talk import HELD, Apart
from router.phone.said import Did

if TYPE_CHECKING:
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.controls_talk import Talk
    from router.phone.said import Input


def heard(calls: Calls, said: Input) -> bool:
    """Take it if it concerns a conversation under control. Whether that is all there is to it."""
    match said:
        case ami.BridgeEnter():
            entered(calls, said)
        case ami.DialEnd():
            dial_ended(calls, said)
        case ami.Waiting():
            waiting(calls, said)
        case controls_ami.AtDesk():
            at_desk(calls, said)
        case Did(do, result) if do.aim == "control":
            controls_aside.did(calls, do, result)
            return True
        case _:
            controls_aside.heard(calls, said)
    return False


def entered(calls: Calls, said: ami.BridgeEnter) -> None:
    """Somebody is in a bridge: on hold, or in a conversation."""
    call = calls.of(said.uniqueid)
    if call is None or call.talk is None or call.phase != "talking":
        return
    talk = call.talk
    talk.where[said.uniqueid] = said.bridge
    call.changed = calls.inputs
    if said.name != HELD:
        _settle(calls, call, talk)
    elif talk.stage == "joining":
        join(calls, call, talk.due)  # our kick met them between two stays
    else:
        _parted(calls, call, talk)


def at_desk(calls: Calls, said: controls_ami.AtDesk) -> None:
    """The first agent's leg is alone: as it was asked, or because the colleague is not there (any more)."""
    call = calls.by_leg(said.uniqueid)
    if call is None or call.talk is None or call.phase != "talking":
        return
    talk = call.talk
    talk.desk = True
    talk.where.pop(said.uniqueid, None)
    _parted(calls, call, talk)


def _parted(calls: Calls, call: Call, talk: Talk) -> None:
    """Go on once the citizen is on hold and the agent where they should be."""
    if call.uniqueid not in talk.where or talk.stage == "joining":
        return
    what = talk.want.what if talk.want is not None else ""
    if what == "consult" and not talk.desk:
        talk.stage = "ringing"
    elif not talk.desk:
        pass
    elif talk.stage == "parting" and what == "hold":
        talk.stage = "held"
        answer(calls, call, "done")
    elif what == "consult" or talk.stage == "consulting":
        if what == "consult":
            answer(calls, call, "failed")
        else:
            second_over(calls, call, "over")
        join(calls, call, f"join:{call.leg}")
    elif talk.stage == "parting":
        join(calls, call, f"join:{call.leg}")


def _settle(calls: Calls, call: Call, talk: Talk) -> None:
    """Who talks to whom now."""
    if talk.with_first(call) and talk.with_second(call):
        if talk.stage != "three":
            talk.stage = "three"
            calls.tell(call.contact, Consulted(call.contact, talk.second, "joined"))
            answer(calls, call, "done")
    elif talk.with_first(call) and talk.stage in Apart:
        _together(calls, call, talk)
    elif talk.with_second(call) and talk.stage == "joining":
        handed_over(calls, call, talk)
    elif talk.asking(call) and talk.stage in ("parting", "ringing"):
        talk.stage, talk.want = "consulting", None
        calls.tell(call.contact, Consulted(call.contact, talk.second, "answered"))


def _together(calls: Calls, call: Call, talk: Talk) -> None:
    """Citizen and first agent talk, by order or by the dialplan's own doing."""
    what = talk.want.what if talk.want is not None else ""
    talk.stage, talk.desk, talk.due = "together", False, ""
    if what in ("unhold", "back") or (what == "record" and talk.recording):
        answer(calls, call, "done")
    else:
        answer(calls, call, "failed", "other")
    second_over(calls, call, "over")


def handed_over(calls: Calls, call: Call, talk: Talk) -> None:
    """The second agent has the conversation; the first one's part in it is over."""
    if call.leg_id:
        end(calls, call, call.leg)
    asked = talk.want is not None and talk.want.what == "complete"
    answer(calls, call, "done" if asked else "failed", "" if asked else "absent")
    calls.tell(call.contact, Found(call.contact, "bridged", talk.second))
    call.agent, call.offer = talk.second, ""
    calls.rung(call, talk.second_leg, talk.second_id)
    calls.move(call, "talking")
    talk.second = talk.second_leg = talk.second_id = talk.due = ""
    talk.stage, talk.desk = "together", False


def dial_ended(calls: Calls, said: ami.DialEnd) -> None:
    """The colleague picked up."""
    call = calls.by_leg(said.uniqueid)
    if call is None or call.talk is None or said.status != "ANSWER":
        return
    talk = call.talk
    if talk.second and calls.agent_of(said.leg) == talk.second:
        talk.second_leg, talk.second_id = said.leg, said.leg_id
        calls.legs[said.leg_id] = call.contact


def waiting(calls: Calls, said: ami.Waiting) -> None:
    """The dialplan sent the citizen back to the music by itself: their agent was no longer there."""
    call = calls.calls.get(said.contact)
    if call is None or call.talk is None or call.phase != "talking" or said.turn <= call.turn:
        return
    let_go(calls, call, call.talk)
    calls.rung(call, "", "")
    call.released = True
    calls.move(call, "returning")
