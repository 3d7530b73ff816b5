"""What Asterisk says, as types: the words of AMI that a call needs, and no others.

Pure. Values from events are the caller's or Asterisk's: they are compared, never executed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from router.phone import ami_agents, controls_ami
from router.phone.ami_agents import DeviceState, NewChannel
from router.phone.controls_ami import ControlEvent

if TYPE_CHECKING:
    from router.phone.frame import Said


class Unsent(Exception):
    """There is no link, or the value may not be sent: nothing happened."""


class Unknown(Exception):
    """The link broke or the deadline passed before the answer: it may or may not have happened."""


class Denied(Exception):
    """Asterisk answered `Error`; the text is its own."""


class LoggedIn(Struct, frozen=True):
    """The link is up: what happened before is unknown, look at the channels."""


class LinkLost(Struct, frozen=True):
    """The link is down: events are being missed."""


class Booted(Struct, frozen=True):
    """Asterisk is fully up, for `uptime` seconds: its globals are empty if it has just started."""

    uptime: int = 0


class Waiting(Struct, frozen=True):
    """A caller (re-)entered `guichet-waiting`. `turn` counts their entries: the same again is a double."""

    contact: str
    channel: str
    uniqueid: str
    dial_status: str = ""
    turn: int = 0


class Announce(Struct, frozen=True):
    """A waiting caller is to be told their place. `turn`: in which stay."""

    contact: str
    channel: str
    turn: int


class Fallback(Struct, frozen=True):
    """Asterisk's own queue has taken the caller."""

    contact: str
    uniqueid: str


class DialBegin(Struct, frozen=True):
    """`leg` is being rung for the caller."""

    uniqueid: str
    leg: str
    leg_id: str


class DialEnd(Struct, frozen=True):
    """Ringing `leg` ended with `status`: ANSWER, NOANSWER, BUSY, CANCEL and others."""

    uniqueid: str
    leg: str
    leg_id: str
    status: str


class DialState(Struct, frozen=True):
    """What the phone that is called says of itself: RINGING, PROGRESS and others."""

    uniqueid: str
    leg: str
    leg_id: str
    status: str


class BridgeEnter(Struct, frozen=True):
    """A channel is in this bridge now: the hall, where callers wait, or a conversation."""

    uniqueid: str
    channel: str
    bridge: str
    name: str = ""


class Keyed(Struct, frozen=True):
    """A key that somebody on this channel pressed: heeded in the line and by a flow, and kept nowhere."""

    uniqueid: str
    digit: str
    at: float = 0.0  # seconds, by Asterisk's clock
    channel: str = ""


class Asks(Struct, frozen=True):
    """A flow's question to this caller begins to listen, or is over. In Asterisk's order with their keys."""

    uniqueid: str
    channel: str
    begins: bool


class HungUp(Struct, frozen=True):
    """A channel is no more."""

    uniqueid: str


AmiEvent = (
    LoggedIn | LinkLost | Booted
    | Waiting | Announce | Fallback | DialBegin | DialState | DialEnd | BridgeEnter | HungUp
    | NewChannel | DeviceState | ControlEvent | Keyed | Asks
)  # fmt: skip

QUESTION = 'EXEC "Read" "GUICHET_ANSWER'  # of a flow; the built-in menu's have another name
STAMP = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
WANTED = frozenset(
    (
        b"FullyBooted",
        b"UserEvent",
        b"DialBegin",
        b"DialState",
        b"DialEnd",
        b"BridgeEnter",
        b"Hangup",
        b"DTMFEnd",
        b"AGIExecStart",
        b"AGIExecEnd",
    )
).union(ami_agents.WANTED, controls_ami.WANTED)


def read(headers: Said) -> AmiEvent | None:
    """The event of these headers (lower-case names), or None for one that says nothing to us."""
    say = headers.get
    match say("event", ""), say("userevent", ""):
        case "FullyBooted", _:
            return Booted(number(say("uptime", "")))
        case "UserEvent", "GuichetWaiting":
            return Waiting(
                contact=say("contact", ""),
                channel=say("channel", ""),
                uniqueid=say("uniqueid", ""),
                dial_status=say("dialstatus", ""),
                turn=number(say("turn", "")),
            )
        case "UserEvent", "GuichetAnnounce":
            return Announce(say("contact", ""), say("channel", ""), number(say("turn", "")))
        case "UserEvent", "GuichetFallback":
            return Fallback(contact=say("contact", ""), uniqueid=say("uniqueid", ""))
        case "DialBegin", _:
            return DialBegin(say("uniqueid", ""), say("destchannel", ""), say("destuniqueid", ""))
        case "DialState", _:
            leg, leg_id = say("destchannel", ""), say("destuniqueid", "")
            return DialState(say("uniqueid", ""), leg, leg_id, say("dialstatus", ""))
        case "BridgeEnter", _:
            bridge, name = say("bridgeuniqueid", ""), say("bridgename", "")
            return BridgeEnter(say("uniqueid", ""), say("channel", ""), bridge, name)
        case "DialEnd", _:
            leg, leg_id = say("destchannel", ""), say("destuniqueid", "")
            return DialEnd(say("uniqueid", ""), leg, leg_id, say("dialstatus", ""))
        case "DTMFEnd", _:
            if say("direction", "") != "Received":
                return None
            at = say("timestamp", "")
            told = float(at) if STAMP.fullmatch(at) else 0.0
            return Keyed(say("uniqueid", ""), say("digit", ""), told, say("channel", ""))
        case "AGIExecStart" | "AGIExecEnd" as name, _:
            if not say("command", "").startswith(QUESTION):
                return None
            return Asks(say("uniqueid", ""), say("channel", ""), name == "AGIExecStart")
        case "Hangup", _:
            return HungUp(say("uniqueid", ""))
        case _:
            return ami_agents.read(headers) or controls_ami.read(headers)


def number(text: str) -> int:
    """A count of the dialplan's; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
