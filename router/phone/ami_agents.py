"""What AMI says and is asked about agents' phones and the native queue's members; `ami` adds it to its words.

Pure. Only names of endpoints and channels are read here, nothing that a caller sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from router.phone.frame import Said

QUEUE = "guichet-fallback"


class NewChannel(Struct, frozen=True):
    """A channel came to be. `linkedid`: the unique id of the call's first channel."""

    channel: str
    uniqueid: str
    linkedid: str


class DeviceState(Struct, frozen=True):
    """A phone, as `PJSIP/endpoint`, is NOT_INUSE, INUSE, RINGING, UNAVAILABLE or something else now."""

    device: str
    state: str


WANTED = frozenset((b"Newchannel", b"DeviceStateChange"))


def read(headers: Said) -> NewChannel | DeviceState | None:
    """As `ami.read`."""
    say = headers.get
    match say("event", ""):
        case "Newchannel":
            return NewChannel(say("channel", ""), say("uniqueid", ""), say("linkedid", ""))
        case "DeviceStateChange":
            return DeviceState(say("device", ""), say("state", ""))
        case _:
            return None


class DeviceStateList(Struct, frozen=True):
    """The state of every phone that has one, as a list of `DeviceStateChange`."""


class QueueStatus(Struct, frozen=True):
    """The native queue's members and callers."""

    queue: str = QUEUE


class QueueAdd(Struct, frozen=True):
    """Let the native queue ring this phone."""

    interface: str
    membername: str
    paused: str  # true, false
    queue: str = QUEUE


class QueueRemove(Struct, frozen=True):
    """Let the native queue forget this phone."""

    interface: str
    queue: str = QUEUE


class QueuePause(Struct, frozen=True):
    """Let the native queue ring this phone again, or not for now."""

    interface: str
    paused: str  # true, false
    queue: str = QUEUE


Asked = DeviceStateList | QueueStatus | QueueAdd | QueueRemove | QueuePause
