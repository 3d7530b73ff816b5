"""What Asterisk says and what we ask of it, as types: the words of AMI that a call needs, and no others.

Pure. Values from events are the caller's or Asterisk's: they are compared, never executed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from router.phone import ami_agents, controls_ami
from router.phone.ami_agents import DeviceState, NewChannel
from router.phone.controls_ami import ControlAction, ControlEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.phone.frame import Said

LINE_MAX = 1000  # bytes; Asterisk cuts a header line at 1024
FORBIDDEN = frozenset("\r\n\0")


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


class HungUp(Struct, frozen=True):
    """A channel is no more."""

    uniqueid: str


AmiEvent = (
    LoggedIn | LinkLost | Booted
    | Waiting | Announce | Fallback | DialBegin | DialState | DialEnd | BridgeEnter | HungUp
    | NewChannel | DeviceState | ControlEvent
)  # fmt: skip

WANTED = frozenset(
    (b"FullyBooted", b"UserEvent", b"DialBegin", b"DialState", b"DialEnd", b"BridgeEnter", b"Hangup")
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
        case "Hangup", _:
            return HungUp(say("uniqueid", ""))
        case _:
            return ami_agents.read(headers) or controls_ami.read(headers)


def number(text: str) -> int:
    """A count of the dialplan's; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Redirect(Struct, frozen=True):
    """Move a channel to another place of the dialplan."""

    channel: str
    context: str
    exten: str = "s"
    priority: str = "1"


class Hangup(Struct, frozen=True):
    """End a channel."""

    channel: str


class BridgeKick(Struct, frozen=True):
    """Take a channel out of this bridge, and of no other: refused if it is no longer there."""

    bridgeuniqueid: str
    channel: str

    def __post_init__(self) -> None:
        if not self.bridgeuniqueid:
            raise ValueError("without a bridge Asterisk would take the channel out of whatever it is in")


class PlayDTMF(Struct, frozen=True):
    """As if the channel had keyed this digit: it ends a `Dial` that still rings (option d), nothing else."""

    channel: str
    digit: str
    duration: str = "50"
    receive: str = "true"


class Setvar(Struct, frozen=True):
    """Set a variable of this channel, or a global one of Asterisk."""

    variable: str
    value: str
    channel: str = ""


class Status(Struct, frozen=True):
    """Every channel with where it is, and the named variable of each."""

    variables: str = "GUICHET_CONTACT,GUICHET_TURN,GUICHET_PEER"


class Ping(Struct, frozen=True):
    """Are you there, and what time is it with you?"""


Action = Redirect | BridgeKick | PlayDTMF | Hangup | Setvar | Status | Ping | ami_agents.Asked | ControlAction


def headers(action: Action) -> dict[str, str]:
    """The action's header lines, without its id. A variable of no channel is a global one."""
    if isinstance(action, ControlAction):
        return action.lines()
    fields = {
        name.capitalize(): value for name, value in asdict(action).items() if value or name != "channel"
    }
    return {"Action": type(action).__name__, **fields}


def checked(lines: Mapping[str, str]) -> dict[str, str]:
    """The header lines as they may go on the wire. Raises Unsent for what could end one or overrun it."""
    for name, value in lines.items():
        if not FORBIDDEN.isdisjoint(name) or not FORBIDDEN.isdisjoint(value):
            raise Unsent(f"{name} holds a line break or a NUL")
        if len(f"{name}: {value}".encode()) > LINE_MAX:
            raise Unsent(f"{name} is longer than {LINE_MAX} bytes")
    return dict(lines)


def is_list(action: Action) -> bool:
    """Whether Asterisk answers with a list."""
    return isinstance(action, Status | ami_agents.DeviceStateList | ami_agents.QueueStatus)
