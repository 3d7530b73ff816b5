"""What we ask of Asterisk, as types, and how it reads on the wire. Pure.

It must never let a value end a header line, nor overrun one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from router.phone import ami_agents
from router.phone.ami import Unsent
from router.phone.controls_ami import ControlAction

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_MAX = 1000  # bytes; Asterisk cuts a header line at 1024
FORBIDDEN = frozenset("\r\n\0")


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
