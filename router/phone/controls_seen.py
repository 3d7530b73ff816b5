"""What the list of Asterisk's channels says of a conversation under control, and what follows. Pure.

After a lost link, or a restart, what was asked is not known any more: it is answered `unknown`, and who talks
to whom is read off the bridges. A colleague of whom nothing is seen is free again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from router.core.events import Consulted, Outcome
from router.phone.controls import DESK, answer, join
from router.phone.controls_ended import hung_up
from router.phone.controls_talk import HELD, Talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.said import Seen, Surveyed

    Row = Mapping[str, str]

CONTEXTS = (HELD, "guichet-join", "guichet-conference", "guichet-parted")


def place(here: Seen, row: Row, rows: Iterable[Row], agents: Mapping[str, str]) -> Seen:
    """Where this caller is. `agents`: endpoint -> agent."""
    others = [each for each in rows if endpoint(each) in agents]
    peer = next((each for each in others if each.get("channel") == row.get("variable:guichet_peer")), None)
    with_them = _sharing(row, others)
    if not with_them and row.get("context") == HELD and peer is not None:
        asked = [each for each in _sharing(peer, others) if each is not peer]
        seen = _with(here, peer, asked, agents)
        return replace(seen, where="held", at_desk=peer.get("context") == DESK)
    if not with_them:
        return here
    first = peer if peer in with_them else with_them[0]
    assert first is not None
    return replace(
        _with(here, first, [each for each in with_them if each is not first], agents), where="bridged"
    )


def endpoint(row: Row) -> str:
    return row.get("channel", "").partition("/")[2].rpartition("-")[0]


def _sharing(row: Row, others: list[Row]) -> list[Row]:
    bridge = row.get("bridgeid", "")
    return [each for each in others if bridge and each.get("bridgeid") == bridge]


def _with(here: Seen, first: Row, asked: list[Row], agents: Mapping[str, str]) -> Seen:
    second: Row = asked[0] if asked else {}
    return replace(
        here,
        agent=agents[endpoint(first)],
        leg=first.get("channel", ""),
        leg_id=first.get("uniqueid", ""),
        second=agents.get(endpoint(second), ""),
        second_leg=second.get("channel", ""),
        second_id=second.get("uniqueid", ""),
    )


def seen(calls: Calls, call: Call, said: Seen) -> None:
    """Take the conversation as it is; `call` knows the first agent already."""
    _unknown(calls, call)
    if said.asked and said.asked not in (said.second, said.agent):
        calls.tell(call.contact, Consulted(call.contact, said.asked, "over"))
    if said.where == "bridged" and not said.second:
        if call.talk is not None:
            calls.legs.pop(call.talk.second_id, None)
            call.talk = Talk(recording=call.talk.recording, spies=call.talk.spies)
        return
    old = call.talk or Talk()
    calls.legs.pop(old.second_id, None)
    call.talk = talk = Talk(
        second=said.second,
        second_leg=said.second_leg,
        second_id=said.second_id,
        recording=old.recording,
        spies=old.spies,
    )
    talk.where = {call.uniqueid: said.bridge}
    if said.second:
        calls.legs[said.second_id] = call.contact
        talk.where |= dict.fromkeys((said.leg_id, said.second_id), "seen")
        talk.stage = "consulting"
    if said.where == "bridged":
        talk.stage = "three"
        talk.where[call.uniqueid] = "seen"
    elif not said.second and said.at_desk:
        talk.stage, talk.desk = "held", True
    elif not said.second:
        join(calls, call, f"join:{call.leg}")  # a colleague's phone rings, and nobody knows whose


def surveyed(calls: Calls, call: Call, said: Surveyed) -> None:
    """Channels of a conversation that ended unheard; of a call without controls `seen` sees to them."""
    if call.talk is None:
        return
    for channel in (*call.talk.ids(), call.leg_id, call.uniqueid):
        if channel and channel not in said.alive:
            hung_up(calls, channel)


def _unknown(calls: Calls, call: Call) -> None:
    """What became of what was asked before the gap."""
    talk = call.talk
    if talk is None:
        return
    answer(calls, call, "unknown")
    if talk.wave is not None:
        calls.tell(call.contact, Outcome(talk.wave.effect, "unknown"))
        talk.wave = None
