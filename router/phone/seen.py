"""What the list of Asterisk's channels says of each contact, and what follows for the calls. Pure.

After a login events may have been missed, after a start all of them: then the list is what is true. What
moved after the list was asked for is newer than the list and stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from router.core.events import Found
from router.phone import controls_seen
from router.phone.ami import number
from router.phone.asterisk_said import returned
from router.phone.calls import DIAL, FALLBACK, WAITING, agents_of
from router.phone.said import Seen, Surveyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.phone.call import Call
    from router.phone.calls import Calls


class Held(Struct, frozen=True):
    """A contact of ours that the state holds for alive; with its open offer's agent, if any."""

    contact: str
    offer: str = ""
    agent: str = ""
    older: bool = False  # than the Asterisk that runs now: its channel died with the one before
    asked: str = ""  # the colleague consulted, if any


def survey(
    rows: Iterable[Mapping[str, str]], held: Iterable[Held], endpoints: Mapping[str, str], since: int
) -> list[Seen | Surveyed]:
    """Compare Asterisk's `Status` with the state. Channels that name no contact of ours are left alone."""
    channels = [row for row in rows if row.get("event") == "Status"]
    callers = {
        row["variable:guichet_contact"]: row for row in channels if row.get("variable:guichet_contact")
    }
    legs = {(row.get("linkedid", ""), _endpoint(row)): row for row in channels}
    agents = agents_of(endpoints)
    seen = [_seen(each, callers.get(each.contact), legs, agents, since) for each in held]
    return [*seen, Surveyed(frozenset(row.get("uniqueid", "") for row in channels), since)]


def _seen(
    held: Held,
    row: Mapping[str, str] | None,
    legs: Mapping[tuple[str, str], Mapping[str, str]],
    agents: Mapping[str, str],
    since: int,
) -> Seen:
    if row is None:
        return Seen(held.contact, "lost" if held.older else "absent", since)
    here = Seen(held.contact, "entering", since, row.get("channel", ""), row.get("uniqueid", ""))
    here = replace(here, bridge=row.get("bridgeid", ""), turn=number(row.get("variable:guichet_turn", "")))
    context, exten = row.get("context", ""), row.get("exten", "")
    if context == WAITING:
        return replace(here, where="waiting")
    if context == FALLBACK:
        return replace(here, where="fallback")
    if context in controls_seen.CONTEXTS:
        return controls_seen.place(replace(here, asked=held.asked), row, legs.values(), agents)
    if context != DIAL:
        return here
    phones = [legs.get((row.get("linkedid", ""), name), {}) for name in exten.split(".")]
    leg = next((phone for phone in phones if phone), {})
    agent = agents.get(exten.partition(".")[0], "")
    return replace(
        here,
        where="bridged" if row.get("bridgeid") else "dialling",
        agent=agent,
        leg=leg.get("channel", ""),
        leg_id=leg.get("uniqueid", ""),
        offer=held.offer if held.agent == agent else "",
        asked=held.asked,
    )


def _endpoint(row: Mapping[str, str]) -> str:
    return row.get("channel", "").partition("/")[2].rpartition("-")[0]


def seen(calls: Calls, said: Seen) -> None:
    """What was seen of one contact."""
    call = calls.calls.get(said.contact)
    if call is not None and call.changed > said.since:
        return
    if call is None:
        if said.where in ("absent", "lost"):
            calls.tell(said.contact, Found(said.contact, said.where))
            return
        call = calls.add(said.contact, said.channel, said.uniqueid, "entering")
        call.durable = True
    call.turn = max(call.turn, said.turn)
    call.hall, call.bridge = (said.bridge, "") if said.where == "waiting" else ("", said.bridge)
    match said.where:
        case "fallback":
            calls.gone(call, "fallback")
        case "lost":
            calls.tell(call.contact, Found(call.contact, "lost"))
            calls.over(call)
        case "waiting":
            _seen_waiting(calls, call)
        case "dialling":
            _seen_dialling(calls, call, said)
        case "bridged" | "held" if said.agent:
            calls.rung(call, said.leg, said.leg_id)
            call.offer = said.offer if call.agent != said.agent else call.offer
            calls.agrees(call, said.agent)
            controls_seen.seen(calls, call, said)
        case _:
            pass  # entering: events will tell; absent: the end of the list does


def _seen_waiting(calls: Calls, call: Call) -> None:
    if call.phase == "over":
        return
    call.released = True  # whatever led here, the state must hear of it
    calls.rung(call, "", "")
    returned(calls, call)


def _seen_dialling(calls: Calls, call: Call, said: Seen) -> None:
    calls.rung(call, said.leg, said.leg_id)
    if call.phase in ("dialling", "returning") and call.agent == said.agent:
        return
    call.offer, call.agent = said.offer, said.agent
    call.offers.add(said.offer)
    calls.move(call, "dialling")


def surveyed(calls: Calls, said: Surveyed) -> None:
    """Channels that ended unheard have ended now."""
    calls.linked = True
    for call in list(calls.calls.values()):
        if call.changed > said.since:
            continue
        controls_seen.surveyed(calls, call, said)
        if call.leg_id and call.leg_id not in said.alive:
            calls.leg_ended(call)
        if call.phase != "over" and call.uniqueid not in said.alive:
            calls.caller_left(call)
