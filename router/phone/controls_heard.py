"""What Asterisk's events and answers mean for a conversation under control. Pure.

Whoever hangs up, and whenever: the citizen is with an agent, on their way to the music, or gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Consulted, Found, Outcome
from router.phone import ami, controls_ami
from router.phone.calls import ALWAYS
from router.phone.controls import answer, end, join, let_go, second_over, unanswered
from router.phone.controls_talk import HELD, Apart
from router.phone.said import Did

if TYPE_CHECKING:
    from typing import Literal

    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.controls_talk import Talk
    from router.phone.said import Do, Input, Result


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
        case controls_ami.SpyBegan():
            spy_began(calls, said)
        case controls_ami.SpyRung():
            spy_rung(calls, said)
        case controls_ami.RecordBegan() | controls_ami.RecordMuted() | controls_ami.RecordEnded():
            recording(calls, said)
        case Did(do, result) if do.aim == "control":
            did(calls, do, result)
            return True
        case _:
            pass
    return False


def entered(calls: Calls, said: ami.BridgeEnter) -> None:
    """Somebody is in a bridge: on hold, or in a conversation."""
    call = _of(calls, said.uniqueid)
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
        _handed_over(calls, call, talk)
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


def _handed_over(calls: Calls, call: Call, talk: Talk) -> None:
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


def hung_up(calls: Calls, uniqueid: str) -> bool:
    """Whether that is all there is to it; else the call as a whole is concerned."""
    call = _of(calls, uniqueid)
    if call is None or call.talk is None:
        return False
    talk = call.talk
    talk.where.pop(uniqueid, None)
    if uniqueid in talk.spies:
        calls.failed(call.contact, talk.spies.pop(uniqueid), "missed")
        del calls.legs[uniqueid]
        return True
    if uniqueid == talk.second_id:
        _second_left(calls, call, talk)
        return True
    if call.phase != "talking":
        return False
    if uniqueid == call.uniqueid or talk.stage == "together":
        _over(calls, call, talk)
        return False
    if talk.stage == "three":
        calls.rung(call, "", "")
        _handed_over(calls, call, talk)
    elif talk.stage == "joining":
        calls.rung(call, "", "")  # the dialplan finds nobody, and says so; or it was in time for the second
    else:
        calls.rung(call, "", "")
        call.released = True
        calls.bring_back(call, ALWAYS)
        let_go(calls, call, talk)
    return True


def _second_left(calls: Calls, call: Call, talk: Talk) -> None:
    """What it means for the first agent is heard when their leg is at its desk, or in a conversation."""
    calls.legs.pop(talk.second_id, None)
    talk.second_id = ""
    if talk.stage == "three":
        talk.stage = "together"
        asked = talk.want is not None and talk.want.what == "back"
        answer(calls, call, "done" if asked else "failed", "" if asked else "absent")
        second_over(calls, call, "over")


def _over(calls: Calls, call: Call, talk: Talk) -> None:
    """The citizen has left, or the only agent has: nobody is kept."""
    if talk.stage != "together" or talk.second_id:
        let_go(calls, call, talk)
    else:
        unanswered(calls, call, talk)


def spy_began(calls: Calls, said: controls_ami.SpyBegan) -> None:
    call = _of(calls, said.spy)
    if call is not None and call.talk is not None and (effect := call.talk.spies.get(said.spy)):
        call.talk.spies[said.spy] = ""
        calls.outcome(call.contact, effect)


def spy_rung(calls: Calls, said: controls_ami.SpyRung) -> None:
    """Not answered. Whoever answered is heard of when the listening begins, or when they hang up."""
    call = _of(calls, said.spy)
    if call is None or call.talk is None or said.success or said.spy not in call.talk.spies:
        return
    reason = {"5": "busy", "3": "missed", "1": "missed"}.get(said.reason, "unreachable")
    calls.failed(call.contact, call.talk.spies.pop(said.spy), reason)
    del calls.legs[said.spy]


def recording(
    calls: Calls, said: controls_ami.RecordBegan | controls_ami.RecordMuted | controls_ami.RecordEnded
) -> None:
    """Asterisk records, records silence, or no longer."""
    call = calls.by_caller(said.uniqueid)
    if call is None or call.talk is None:
        return
    talk = call.talk
    if isinstance(said, controls_ami.RecordBegan):
        talk.recording, done = "on", ""
    elif isinstance(said, controls_ami.RecordEnded):
        talk.recording, done = "", "stop"
    else:
        talk.recording, done = ("paused", "pause") if said.muted else ("on", "resume")
    if talk.wave is not None and talk.wave.what == done:
        calls.outcome(call.contact, talk.wave.effect)
        talk.wave = None


def did(calls: Calls, do: Do, result: Result) -> None:
    """How an action of a control went. Only what was not done says anything: the rest shows in events."""
    call = calls.calls.get(do.contact)
    if result == "done" or call is None or call.talk is None:
        return
    talk, contact = call.talk, call.contact
    if result in ("unknown", "unsent"):
        calls.look(contact)
    verdict: Literal["failed", "unknown"] = "unknown" if result == "unknown" else "failed"
    match do.action:
        case controls_ami.Part() if talk.stage == "parting" and talk.want and talk.want.effect == do.effect:
            talk.stage = talk.before if result != "unknown" else talk.stage
            answer(calls, call, verdict, result)
        case controls_ami.Spy(spy=spy) if talk.spies.get(spy):
            calls.tell(contact, Outcome(talk.spies.pop(spy), verdict, result))
            calls.legs.pop(spy, None)
        case controls_ami.Mute() | controls_ami.EndRecord() if talk.wave and talk.wave.effect == do.effect:
            calls.tell(contact, Outcome(do.effect, verdict, result))
            talk.wave = None
        case _:
            pass  # a kick out of the hold that came between two stays is said again at the next


def _of(calls: Calls, uniqueid: str) -> Call | None:
    """The call that this channel, of whomever, belongs to."""
    contact = calls.callers.get(uniqueid) or calls.legs.get(uniqueid)
    return calls.calls.get(contact) if contact is not None else None
