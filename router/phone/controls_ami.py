"""What AMI says and is asked of a conversation under control: held, consulted, listened to, recorded.

Pure. The same rule as in `ami.py`: values from events are compared, never executed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from router.phone.frame import Said


class ControlEvent(Struct, frozen=True):
    """What is said only of conversations under control."""


class AtDesk(ControlEvent, frozen=True):
    """An agent's leg has nobody to talk to now. `dial_status`: of the colleague it rang, if it did."""

    uniqueid: str
    dial_status: str = ""


class SpyBegan(ControlEvent, frozen=True):
    """A supervisor hears the conversation."""

    spy: str


class SpyRung(ControlEvent, frozen=True):
    """How ringing the supervisor's phone went. `reason`: 4 answered, 5 busy, 3 nobody, others unreachable."""

    spy: str
    success: bool
    reason: str = ""


class RecordBegan(ControlEvent, frozen=True):
    """The caller's channel is being recorded."""

    uniqueid: str


class RecordMuted(ControlEvent, frozen=True):
    """The recording takes silence from now on, or sound again."""

    uniqueid: str
    muted: bool


class RecordEnded(ControlEvent, frozen=True):
    """The recording is over."""

    uniqueid: str


class Notified(ControlEvent, frozen=True):
    """A message was played to whoever answered this channel; whole, or not."""

    uniqueid: str
    whole: bool


WANTED = frozenset(
    (b"ChanSpyStart", b"OriginateResponse", b"MixMonitorStart", b"MixMonitorMute", b"MixMonitorStop")
)


def read(headers: Said) -> ControlEvent | None:
    """The event of these headers (lower-case names), or None for one that says nothing to us."""
    say = headers.get
    uniqueid = say("uniqueid", "")
    match say("event", ""), say("userevent", ""):
        case "UserEvent", "GuichetDesk":
            return AtDesk(uniqueid, say("dialstatus", ""))
        case "UserEvent", "GuichetNotified":
            return Notified(uniqueid, say("status", "") == "SUCCESS")
        case "ChanSpyStart", _:
            return SpyBegan(say("spyeruniqueid", ""))
        case "OriginateResponse", _:
            return SpyRung(uniqueid, say("response", "") == "Success", say("reason", ""))
        case "MixMonitorStart", _:
            return RecordBegan(uniqueid)
        case "MixMonitorMute", _:
            return RecordMuted(uniqueid, say("state", "") == "1")
        case "MixMonitorStop", _:
            return RecordEnded(uniqueid)
        case _:
            return None


class ControlAction(Struct, frozen=True):
    """An action that says itself how its header lines read."""

    def lines(self) -> dict[str, str]:
        raise NotImplementedError


class Part(ControlAction, frozen=True):
    """Take both out of their bridge, each to a place of its own. Neither moves if one of them is gone."""

    channel: str
    context: str
    extra_channel: str
    extra_context: str
    extra_exten: str = "s"

    def lines(self) -> dict[str, str]:
        here = {"Channel": self.channel, "Context": self.context, "Exten": "s", "Priority": "1"}
        extra = {"Channel": self.extra_channel, "Context": self.extra_context, "Exten": self.extra_exten}
        return {"Action": "Redirect", **here} | {
            f"Extra{name}": value for name, value in (extra | {"Priority": "1"}).items()
        }


class Peer(ControlAction, frozen=True):
    """Tell a channel with whom it belongs: the dialplan puts them together, also without us."""

    channel: str
    peer: str

    def lines(self) -> dict[str, str]:
        about = {"Channel": self.channel, "Variable": "GUICHET_PEER", "Value": self.peer}
        return {"Action": "Setvar", **about}


class Spy(ControlAction, frozen=True):
    """Ring a supervisor's phone; once answered it is where `how` says. `spy`: that channel's unique id."""

    endpoint: str
    spy: str
    how: str
    on: str  # the unique id of the agent's leg

    def lines(self) -> dict[str, str]:
        place = {"Context": "guichet-listen", "Exten": self.how, "Priority": "1"}
        ring = {"Channel": f"PJSIP/{self.endpoint}", "ChannelId": self.spy, "Timeout": "12000"}
        return {
            "Action": "Originate",
            **ring,
            **place,
            "Variable": f"GUICHET_PEER={self.on}",
            "Async": "true",
        }


class Mute(ControlAction, frozen=True):
    """Record silence in place of both voices, or sound again."""

    channel: str
    muted: bool

    def lines(self) -> dict[str, str]:
        return {
            "Action": "MixMonitorMute",
            "Channel": self.channel,
            "Direction": "both",
            "State": "1" if self.muted else "0",
        }


class EndRecord(ControlAction, frozen=True):
    """End the recording of a channel."""

    channel: str

    def lines(self) -> dict[str, str]:
        return {"Action": "StopMixMonitor", "Channel": self.channel}


class Notify(ControlAction, frozen=True):
    """Ring a citizen; who answers is played these sounds. `call`: that channel's unique id."""

    channel: str
    call: str
    sounds: str  # joined by &
    language: str
    caller: str
    ring_ms: int

    def lines(self) -> dict[str, str]:
        place = {"Context": "guichet-notify", "Exten": "s", "Priority": "1"}
        ring = {"Channel": self.channel, "ChannelId": self.call, "Timeout": str(self.ring_ms)}
        shown = {"CallerID": f"<{self.caller}>"} if self.caller else {}
        about = f"GUICHET_SAY={self.sounds},CHANNEL(language)={self.language}"
        return {"Action": "Originate", **ring, **place, **shown, "Variable": about, "Async": "true"}
