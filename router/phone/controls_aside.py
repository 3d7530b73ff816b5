"""What goes on beside a conversation under control: who listens, what is recorded, how actions went. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Outcome
from router.phone import controls_ami
from router.phone.controls import answer

if TYPE_CHECKING:
    from typing import Literal

    from router.phone.calls import Calls
    from router.phone.said import Do, Input, Result


def heard(calls: Calls, said: Input) -> None:
    """Take it if it is about a listener or a recording."""
    match said:
        case controls_ami.SpyBegan():
            spy_began(calls, said)
        case controls_ami.SpyRung():
            spy_rung(calls, said)
        case controls_ami.RecordBegan() | controls_ami.RecordMuted() | controls_ami.RecordEnded():
            recording(calls, said)
        case _:
            pass


def spy_began(calls: Calls, said: controls_ami.SpyBegan) -> None:
    call = calls.of(said.spy)
    if call is not None and call.talk is not None and (effect := call.talk.spies.get(said.spy)):
        call.talk.spies[said.spy] = ""
        calls.outcome(call.contact, effect)


def spy_rung(calls: Calls, said: controls_ami.SpyRung) -> None:
    """Not answered. Whoever answered is heard of when the listening begins, or when they hang up."""
    call = calls.of(said.spy)
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
