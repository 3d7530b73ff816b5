"""What Asterisk's channels, the calls in hand and the state do not agree about. Pure.

A difference has the number of the input that last moved its call: seen twice with the same number, nothing
that was said since explains it. What is on its way from one place to another is not compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from router.phone.calls import DIAL, FALLBACK, WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from router.core.state import State
    from router.phone.call import Call
    from router.phone.calls import Calls

Kind = Literal["caller", "leg", "place", "stranger", "state", "member"]

PLACES = {WAITING: "waiting", FALLBACK: "fallback"}
SETTLED = ("waiting", "dialling", "talking")
AGREE = {"waiting": ("waiting", "offered"), "dialling": ("offered", "waiting"), "talking": ("connected",)}


class Believed(Struct, frozen=True):
    """A contact as the state holds it."""

    state: str
    agent: str
    since: int


class Difference(Struct, frozen=True):
    """`caller`, `leg`: a channel in hand that Asterisk does not have. `place`: it is elsewhere. `stranger`: a
    caller in our contexts whom nobody has in hand. `state`: the core believes otherwise."""

    kind: Kind
    contact: str
    number: int


def believed(state: State, gateway: str) -> dict[str, Believed]:
    """The contacts of this gateway that the state holds for alive."""
    return {
        contact.contact: Believed(contact.state, contact.agent or "", contact.since)
        for contact in state.contacts.values()
        if contact.via == gateway
        and contact.state in ("waiting", "offered", "connected")
        and not contact.aside
    }


def differences(
    rows: Iterable[Mapping[str, str]], calls: Calls, state: Mapping[str, Believed]
) -> set[Difference]:
    """All of them."""
    channels = {row.get("uniqueid", ""): row for row in rows if row.get("event") == "Status"}
    return {
        *(each for call in calls.calls.values() for each in _of_call(call, channels, state)),
        *_strangers(channels, calls),
        *(
            Difference("state", contact, known.since)
            for contact, known in state.items()
            if contact not in calls.calls
        ),
    }


def _of_call(
    call: Call, channels: Mapping[str, Mapping[str, str]], state: Mapping[str, Believed]
) -> Iterator[Difference]:
    if call.phase not in SETTLED:
        return
    row = channels.get(call.uniqueid)
    if row is None:
        yield Difference("caller", call.contact, call.changed)
        return
    if call.leg_id and call.leg_id not in channels:
        yield Difference("leg", call.contact, call.changed)
    place = _place(row)
    if place and place != call.phase:
        yield Difference("place", call.contact, call.changed)
    known = state.get(call.contact)
    agrees = known is not None and known.state in AGREE[call.phase]
    if not agrees or (call.phase == "talking" and known is not None and known.agent != call.agent):
        yield Difference("state", call.contact, call.changed)


def _place(row: Mapping[str, str]) -> str:
    """Where the caller is, in the words of `Call.phase`; nothing for places that only a control knows."""
    if row.get("context") == DIAL:
        return "talking" if row.get("bridgeid") else "dialling"
    return PLACES.get(row.get("context", ""), "")


def _strangers(channels: Mapping[str, Mapping[str, str]], calls: Calls) -> Iterator[Difference]:
    for row in channels.values():
        contact = row.get("variable:guichet_contact", "")
        ours = row.get("context") in (WAITING, DIAL) and contact
        if ours and contact not in calls.calls and row.get("uniqueid") == row.get("linkedid"):
            yield Difference("stranger", contact, 0)
