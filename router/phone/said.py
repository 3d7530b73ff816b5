"""The words that go into and come out of `reduce.apply`: what was said, and what to do. Plain data, pure."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.core.effects import Effect
from router.core.events import Event
from router.phone.ami import AmiEvent
from router.phone.ami_actions import Action

Where = Literal["entering", "waiting", "dialling", "held", "bridged", "fallback", "absent", "lost"]

Result = Literal["done", "absent", "denied", "unsent", "unknown", "late"]

# ---- in: the menu's milestones


class Entered(Struct, frozen=True):
    """A call came in; it is in the menu."""

    contact: str
    channel: str
    uniqueid: str


class Submitting(Struct, frozen=True):
    """Its contact is on its way to the log."""

    contact: str


class Accepted(Struct, frozen=True):
    """The contact is durable. The receipt follows."""

    contact: str


class Turned(Struct, frozen=True):
    """No receipt is given, or the menu broke off: the native queue takes the call, if it is still there."""

    contact: str


# ---- in: the core's side


class Ordered(Struct, frozen=True):
    """An effect for us was released."""

    effect: Effect
    do_before: int


class Closed(Struct, frozen=True):
    """The core holds the contact for gone, by whoever said so."""

    contact: str
    do_before: int


class Told(Struct, frozen=True):
    """What the core answered to an event of ours; `refusal` is its code, empty if taken."""

    event: Event
    refusal: str = ""


# ---- in: what was seen and done


class Seen(Struct, frozen=True):
    """What Asterisk's list of channels said of a contact that the state holds for alive.

    `since`: number of inputs when the list was asked for. `offer`: the state's open one, if to this agent.
    """

    contact: str
    where: Where
    since: int
    channel: str = ""
    uniqueid: str = ""
    agent: str = ""
    leg: str = ""
    leg_id: str = ""
    offer: str = ""
    bridge: str = ""
    turn: int = 0
    asked: str = ""  # the colleague whom the state holds for asked
    second: str = ""  # the one who is really there
    second_leg: str = ""
    second_id: str = ""
    at_desk: bool = False  # the agent's leg is alone, while the caller is on hold


class Woke(Struct, frozen=True):
    """The time that a `Wake` named is over."""

    contact: str
    offer: str


class Surveyed(Struct, frozen=True):
    """The end of a list of channels. `alive`: every unique id in it. From here on events are complete."""

    alive: frozenset[str]
    since: int


class Did(Struct, frozen=True):
    """How an action went."""

    do: Do
    result: Result


OfCall = Entered | Submitting | Accepted | Turned | Closed | Woke
Input = AmiEvent | OfCall | Ordered | Told | Seen | Surveyed | Did

# ---- out


class Do(Struct, frozen=True):
    """An action to be done once, before `do_before` or not at all. `aim`: what it is for.

    `first` goes out right before it, in the same write; how the action went is how both went.
    """

    action: Action
    contact: str
    do_before: int
    aim: Literal["dial", "return", "divert", "control"]
    offer: str = ""
    agent: str = ""
    first: Action | None = None
    effect: str = ""  # of a control: whose outcome hangs on it


class Wake(Struct, frozen=True):
    """Say `Woke` after so many seconds."""

    contact: str
    offer: str
    after_s: float


class Tell(Struct, frozen=True):
    """An event to submit to the core."""

    contact: str
    event: Event


class Look(Struct, frozen=True):
    """Ask Asterisk for its channels: what is true of this contact is not known."""

    contact: str


Output = Do | Tell | Look | Wake
