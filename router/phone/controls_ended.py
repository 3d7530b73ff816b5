"""Who hangs up in a conversation under control, and what becomes of the others. Pure.

Whoever it is, and whenever: the citizen is with an agent, on their way to the music, or gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.phone.calls import ALWAYS
from router.phone.controls import answer, let_go, second_over, unanswered
from router.phone.controls_heard import handed_over

if TYPE_CHECKING:
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.controls_talk import Talk


def hung_up(calls: Calls, uniqueid: str) -> bool:
    """Whether that is all there is to it; else the call as a whole is concerned."""
    call = calls.of(uniqueid)
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
        handed_over(calls, call, talk)
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
