"""What happened (past tense): the only things that may change the state.

Plain data, pseudonyms only. Times are integer microseconds. An event's own instant `at` is not in it:
the owner stamps it, once, when it takes the event (`router/log/entry.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from router.core.policy import Policy

# Limits of the protocol: enforced wherever an event is decoded (engine lines, HTTP, inbox).
Id = Annotated[str, Meta(min_length=1, max_length=128)]
Level = Annotated[int, Meta(ge=1, le=10)]
Micros = Annotated[int, Meta(ge=0, lt=10**15)]  # below 10^9 seconds
Levels = Annotated[dict[Id, Level], Meta(max_length=32)]
Needs = Annotated[tuple[Levels, ...], Meta(min_length=1, max_length=32)]  # alternatives: any one suffices

AgentStateName = Literal["ready", "away", "offline"]
AnswerName = Literal["accepted", "declined", "missed"]
MoveTo = Literal["front", "agent", "pool", "place"]
ControlName = Literal[
    "hold", "unhold", "complete", "back", "conference",
    "listen", "whisper", "barge", "record", "pause", "resume", "stop",
]  # fmt: skip


class Origin(Struct, frozen=True):
    """Where an event came from that was taken from the inbox: `seq` counts 1, 2, … per gateway."""

    gateway: str
    seq: int
    position: str  # in the inbox stream: everything up to it is consumed


class Agent(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="agent"):
    """An agent logged in, changed state, skills or capacity. None leaves what is known unchanged."""

    agent: Id
    state: AgentStateName
    reason: str = ""
    skills: dict[Id, Level] | None = None
    capacity: dict[str, Annotated[int, Meta(ge=0, le=1000)]] | None = None


class Relax(Struct, frozen=True):
    """After this wait, these needs replace the former ones; the rank is kept."""

    after: Micros
    needs: Needs


class Contact(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="contact"):
    """A contact asks for an agent. `via` names the gateway that must perform what is decided for it."""

    contact: Id
    channel: str
    needs: Needs
    target: Micros | None = None
    due: Micros | None = None  # relative to arrival: latest start of work that may be deferred
    vulnerable: bool = False
    waited: Micros = 0
    prefers: Annotated[tuple[Id, ...], Meta(max_length=32)] = ()
    prefers_for: Micros | None = None
    relax: Annotated[tuple[Relax, ...], Meta(max_length=16)] = ()
    citizen: Id | None = None
    via: str = ""
    topic: str = ""
    language: str = ""
    direct: Id | None = None  # for this agent alone, until `direct_for` is over
    direct_for: Micros | None = None
    pool: str = ""  # a pool inside this one
    after: Id | None = None  # a call-back: the contact whose place it takes
    cut: bool = False  # an earlier call about it was cut
    journey: Annotated[int, Meta(ge=0, le=1000)] = 0  # earlier contacts about the same matter


class Answer(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="answer"):
    """An agent (or the phone for them) answered an offer. `reason` is a closed code such as `busy`."""

    offer: str
    contact: str
    agent: str
    answer: AnswerName
    reason: str = ""


class Gone(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="gone"):
    """The citizen left while waiting or offered. `reason`: `left`, `fallback`, `absent`, `lost`."""

    contact: str
    reason: str = "left"


class Ended(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="ended"):
    """The conversation is over; its agent is in wrap-up for it."""

    contact: str
    agent: str | None = None


class Done(Struct, frozen=True, tag_field="event", tag="done"):
    """Wrap-up is over; that capacity is free."""

    contact: str
    agent: str


class Again(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="again"):
    """A connected contact, or one in wrap-up, goes back to waiting (transfer) at its old rank.

    With `prefers`, to a person: others may have it once `prefers_for` is over.
    """

    contact: str
    needs: Needs
    channel: str | None = None
    target: Micros | None = None
    prefers: Annotated[tuple[Id, ...], Meta(max_length=32)] = ()
    prefers_for: Micros | None = None
    by: str = ""  # pseudonym or role of who asked for it
    pool: str | None = None  # into another pool inside this one; None: it stays in its own


class Move(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="move"):
    """A supervisor gives a waiting or offered contact another place. `place`: back to where it was."""

    contact: Id
    to: MoveTo
    by: Id  # pseudonym or role of who did it
    reason: Annotated[str, Meta(min_length=1, max_length=200)]  # never a name or a number
    agent: Id | None = None
    direct_for: Micros | None = None  # so long for that agent alone
    pool: str | None = None  # "": out of any pool inside this one
    force: bool = False  # though the agent lacks a skill or a level


class Choice(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="choice"):
    """The citizen said yes or no to a channel that was proposed."""

    contact: str
    channel: str
    choice: Literal["accepted", "refused"]
    by: str = ""  # pseudonym or role of who recorded it


class Tick(Struct, frozen=True, tag_field="event", tag="tick"):
    """Time passed: due timers fire."""


class Config(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="config"):
    """Another policy rules from here on. Files applied and levers pulled are this same event."""

    policy: Policy
    hash: str  # of the policy, as `config` computes it: entries that follow name it
    by: str = ""  # pseudonym or role of who applied it
    reason: str = ""


class Found(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="found"):
    """What a gateway found to be true of a contact: it outranks what the state believed.

    `lost`: its medium died under the citizen; whoever was waiting is listed for a call back.
    """

    contact: str
    where: Literal["waiting", "bridged", "absent", "lost"]
    agent: str | None = None


class Gateway(Struct, frozen=True, tag_field="event", tag="gateway"):
    """A gateway can, or can not, steer the contacts it brought (`via`) from now on."""

    gateway: Id
    state: Literal["up", "down"]


class Device(Struct, frozen=True, tag_field="event", tag="device"):
    """An agent's own phone as a gateway sees it: `busy` is with a call that is none of ours."""

    agent: Id
    gateway: Id
    state: Literal["free", "busy", "unreachable"]


class Consult(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="consult"):
    """The agent of a connected contact asks a colleague, who is kept for it until that is over."""

    contact: str
    second: str
    by: str = ""  # pseudonym or role of who asked for it


class Consulted(Struct, frozen=True, tag_field="event", tag="consulted"):
    """What became of a consultation: after `failed` and `over` the colleague is free again."""

    contact: str
    second: str
    result: Literal["answered", "failed", "over", "joined"]


class Control(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="control"):
    """An agent or a supervisor asked something of a conversation that its gateway must do."""

    contact: str
    what: ControlName
    by: str = ""  # pseudonym or role of who asked for it
    value: str = ""  # endpoint of the supervisor's phone, for listen, whisper and barge


class Takeover(Struct, frozen=True, tag_field="event", tag="takeover"):
    """A new owner took the pool: what open offers became is unknown until found."""

    epoch: int


class Shift(Struct, frozen=True, tag_field="event", tag="shift"):
    """The clock jumped: deadlines move by so much, nobody missed anything."""

    by: int


class Outcome(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="outcome"):
    """What became of an effect that no other event answers: a withdraw, a release, a perform."""

    effect: str
    result: Literal["done", "failed", "unknown"]
    reason: str = ""


class Refused(Struct, frozen=True, omit_defaults=True, tag_field="event", tag="refused"):
    """An inbox event that could not be applied (illegal, or `step` raised): it is passed over, on record.

    With `code` `poison` the contact it named is put aside for a supervisor.
    """

    code: str
    contact: str | None = None


Event = (
    Agent | Contact | Answer | Gone | Ended | Done | Again | Move | Choice | Tick
    | Config | Found | Takeover | Shift | Outcome | Refused
    | Gateway | Device | Consult | Consulted | Control
)  # fmt: skip
