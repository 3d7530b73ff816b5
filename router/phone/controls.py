"""What the core asks of a conversation, and the few moves of which every control is made. Pure.

A move names the leg or the bridge it is about, so that Asterisk refuses it once things are otherwise. Nothing
is said to be done here: that is for `controls_heard`, after the event that proves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Consulted, Outcome
from router.phone import ami_actions, controls_ami
from router.phone.calls import ALWAYS, GO
from router.phone.controls_talk import HELD, Talk, Want
from router.phone.said import Do
from router.phone.settings import ENDPOINT

if TYPE_CHECKING:
    from typing import Literal

    from router.core.effects import Consult, Perform
    from router.phone.call import Call
    from router.phone.calls import Calls

DESK, CONSULT, SPY = "guichet-desk", "guichet-consult", "guichet-spy"


def perform(calls: Calls, effect: Perform, do_before: int) -> None:
    """A control of the agent's or of a supervisor's."""
    want = Want(effect.what, effect.effect_id, do_before)
    call = _talking(calls, effect.contact, effect.agent)
    if call is None:
        calls.failed(effect.contact, effect.effect_id, "absent")
    elif effect.what in ("listen", "whisper", "barge"):
        _spy(calls, call, effect, do_before)
    elif effect.what in ("pause", "resume", "stop"):
        _recording(calls, call, want)
    else:
        _move(calls, call, want)


def consult(calls: Calls, effect: Consult, do_before: int) -> None:
    """The first agent's leg rings the colleague; the citizen hears music meanwhile."""
    contact, second = effect.contact, effect.second
    call, endpoint = _talking(calls, contact, effect.agent), calls.endpoints.get(second)
    if call is None or endpoint is None or _talk(call).want is not None or _talk(call).second:
        calls.tell(contact, Consulted(contact, second, "failed"))
        return
    talk = _talk(call)
    if talk.stage not in ("together", "held"):
        calls.tell(contact, Consulted(contact, second, "failed"))
        return
    talk.second, talk.want = second, Want("consult", effect.effect_id, do_before)
    part(calls, call, CONSULT, endpoint)


def _move(calls: Calls, call: Call, want: Want) -> None:
    talk = _talk(call)
    if want.what == "back" and talk.stage == "ringing":
        talk.want = None  # it stands for the end of the consultation, too
    if talk.want is not None:
        calls.failed(call.contact, want.effect, "not_now")
        return
    talk.want = want
    match want.what, talk.stage:
        case "hold", "together":
            part(calls, call, DESK)
        case "record", "together" if not talk.recording:
            calls.out.append(_set(call, "GUICHET_RECORD", "yes", want.do_before))
            part(calls, call, DESK)
        case "unhold", "held":
            join(calls, call, f"join:{call.leg}")
        case "back", ("ringing" | "consulting"):
            join(calls, call, f"join:{call.leg}")
        case "complete", "consulting":
            join(calls, call, f"join:{talk.second_leg}")
        case "conference", "consulting":
            join(calls, call, f"conference:{call.leg}")
        case "complete", "three":
            end(calls, call, call.leg)
        case "back", "three":
            end(calls, call, talk.second_leg)
        case _:
            answer(calls, call, "failed", "not_now")


def part(calls: Calls, call: Call, context: str, exten: str = "s") -> None:
    """Citizen to the music, the agent's leg elsewhere: both or neither, only while that very leg lives."""
    talk = _talk(call)
    want = talk.want
    assert want is not None
    for one, other in ((call.channel, call.leg), (call.leg, call.channel)):
        calls.out.append(Do(controls_ami.Peer(one, other), call.contact, want.do_before, "control"))
    action = controls_ami.Part(call.channel, HELD, call.leg, context, exten)
    calls.out.append(Do(action, call.contact, want.do_before, "control", effect=want.effect))
    talk.before, talk.stage, talk.desk = talk.stage, "parting", False
    talk.where.clear()
    call.changed = calls.inputs


def join(calls: Calls, call: Call, where: str) -> None:
    """Out of the hold, into a conversation. A kick that misses them is said again at their next stay."""
    talk = _talk(call)
    talk.stage, talk.due = "joining", where
    call.changed = calls.inputs
    before = talk.want.do_before if talk.want is not None else ALWAYS
    first = ami_actions.Setvar(GO, f"{call.turn}:{where}", call.channel)
    hold = talk.where.get(call.uniqueid, "")  # not there yet: sent when they come in
    if hold:
        kick = ami_actions.BridgeKick(hold, call.channel)
        calls.out.append(Do(kick, call.contact, before, "control", first=first))


def end(calls: Calls, call: Call, leg: str) -> None:
    """End one agent's side. Harmless whenever it comes: that leg belongs to this conversation alone."""
    calls.out.append(Do(ami_actions.Hangup(leg), call.contact, ALWAYS, "control"))


def let_go(calls: Calls, call: Call, talk: Talk) -> None:
    """The citizen is on their way out: no agent is left in silence, and the recording ends."""
    if call.leg_id:
        end(calls, call, call.leg)
    if talk.second_id:
        end(calls, call, talk.second_leg)
    if talk.recording:
        calls.out.append(Do(controls_ami.EndRecord(call.channel), call.contact, ALWAYS, "control"))
    unanswered(calls, call, talk)
    second_over(calls, call, "over")
    talk.stage, talk.recording = "together", ""


def unanswered(calls: Calls, call: Call, talk: Talk) -> None:
    """What was asked of a conversation that is no more."""
    answer(calls, call, "failed", "absent")
    for effect in (talk.wave.effect if talk.wave is not None else "", *talk.spies.values()):
        calls.failed(call.contact, effect, "absent")
    talk.wave = None
    talk.spies = dict.fromkeys(talk.spies, "")


def answer(calls: Calls, call: Call, result: Literal["done", "failed", "unknown"], reason: str = "") -> None:
    """The control that was under way is over."""
    talk = _talk(call)
    want, talk.want = talk.want, None
    if want is None:
        return
    if want.what != "consult":
        calls.tell(call.contact, Outcome(want.effect, result, reason))
    elif result != "done":
        second_over(calls, call, "failed")


def second_over(calls: Calls, call: Call, result: Literal["failed", "over"]) -> None:
    """The colleague has no part in it any more."""
    talk = _talk(call)
    if talk.second:
        calls.tell(call.contact, Consulted(call.contact, talk.second, result))
    calls.legs.pop(talk.second_id, None)
    talk.second = talk.second_leg = talk.second_id = ""


def _spy(calls: Calls, call: Call, effect: Perform, do_before: int) -> None:
    if not ENDPOINT.match(effect.value):
        calls.failed(call.contact, effect.effect_id, "unreachable")
        return
    spy = f"{SPY}-{call.contact}-{effect.effect_id}"
    _talk(call).spies[spy] = effect.effect_id
    calls.legs[spy] = call.contact
    action = controls_ami.Spy(effect.value, spy, effect.what, call.leg_id)
    calls.out.append(Do(action, call.contact, do_before, "control", effect=effect.effect_id))


def _recording(calls: Calls, call: Call, want: Want) -> None:
    talk = _talk(call)
    if talk.wave is not None:
        calls.failed(call.contact, want.effect, "not_now")
        return
    talk.wave = want
    action = (
        controls_ami.EndRecord(call.channel)
        if want.what == "stop"
        else controls_ami.Mute(call.channel, want.what == "pause")
    )
    calls.out.append(Do(action, call.contact, want.do_before, "control", effect=want.effect))


def _set(call: Call, name: str, value: str, do_before: int) -> Do:
    return Do(ami_actions.Setvar(name, value, call.channel), call.contact, do_before, "control")


def _talking(calls: Calls, contact: str, agent: str) -> Call | None:
    call = calls.calls.get(contact)
    return (
        call if call is not None and call.phase == "talking" and call.agent == agent and call.leg_id else None
    )


def _talk(call: Call) -> Talk:
    if call.talk is None:
        call.talk = Talk()
    return call.talk
