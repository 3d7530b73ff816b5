"""What clients and server say over a chat's socket: one JSON object a message, told apart by its `type`.

Exactly once, both ways: a client's `id` makes a repeated `say` the same message, the server's `n` counts the
messages of a chat without holes, and a client that comes back says the last `n` it has. Plain data only.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

VERSION = 1
TEXT_MAX = 4000  # characters

Key = Annotated[str, Meta(min_length=22, max_length=128, pattern=r"\A[A-Za-z0-9_-]+\Z")]
ClientId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[A-Za-z0-9_.:-]+\Z")]
ChatId = Annotated[str, Meta(min_length=1, max_length=128)]
Number = Annotated[int, Meta(ge=0, le=10**6)]
By = Literal["citizen", "agent", "guichet"]
State = Literal["asking", "waiting", "with_agent", "closed"]


class Hello(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hello"):
    """First message of a citizen. The same `key` opens the same chat again: keep it, show it to nobody."""

    key: Key
    after: Number = 0  # the last message the client has
    language: Annotated[str, Meta(max_length=35)] = ""
    topic: Annotated[str, Meta(max_length=40)] = ""
    entry: Annotated[str, Meta(max_length=40)] = ""  # which flow; empty: the usual one
    email: Annotated[str, Meta(max_length=254)] = ""  # who they say they are, when a chat begins: a claim
    phone: Annotated[str, Meta(max_length=32)] = ""


class AgentHello(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hello"):
    """First message of an agent's page: the last message it has of each chat."""

    after: Annotated[dict[ChatId, Number], Meta(max_length=200)] = field(default_factory=dict)
    token: Annotated[str, Meta(max_length=200)] = ""  # where no header can be sent


class Say(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="say"):
    """A message. `choice`: of those the last message offered, its `id`. An agent names the `chat`."""

    id: ClientId
    text: Annotated[str, Meta(max_length=TEXT_MAX)] = ""
    choice: Annotated[str, Meta(max_length=64)] = ""
    attachment: Annotated[str, Meta(max_length=64)] = ""
    chat: Annotated[str, Meta(max_length=128)] = ""


class Typing(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="typing"):
    """The other side is told, nothing is kept."""

    chat: Annotated[str, Meta(max_length=128)] = ""


class Read(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="read"):
    """Everything up to `n` was seen by a person."""

    n: Number
    chat: Annotated[str, Meta(max_length=128)] = ""


class Choose(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="choose"):
    """The citizen's yes or no to a channel that was proposed."""

    channel: Annotated[str, Meta(min_length=1, max_length=40)]
    yes: bool


class Leave(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="leave"):
    """The citizen ends the chat."""


FromCitizen = Hello | Say | Typing | Read | Choose | Leave
FromAgent = AgentHello | Say | Typing | Read
read_citizen = msgspec.json.Decoder(FromCitizen)
read_agent = msgspec.json.Decoder(FromAgent)


class Welcome(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="welcome"):
    """The chat is there; what the client lacks follows. `last`: the number of its last message."""

    chat: str
    version: int
    last: int = 0


class Option(Struct, frozen=True):
    """One of the answers that can be chosen instead of written."""

    id: str
    label: str


class Message(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="message"):
    """One message of the chat. `id` is that of its `say`: for its sender this is the receipt."""

    n: int
    id: str
    by: By
    at: int  # microseconds since 1970
    text: str = ""
    choices: tuple[Option, ...] = ()
    choice: str = ""
    attachment: str = ""
    agent: str = ""  # pseudonym; told to agents alone
    chat: str = ""  # told to agents alone


class Standing(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="standing"):
    """How it stands. `wait_s`: from and to, seconds, while waiting; absent where nobody can say."""

    state: State
    position: int = 0
    wait_s: tuple[int, int] | None = None
    chat: str = ""


class Proposed(Struct, frozen=True, tag_field="type", tag="proposed"):
    """Other channels and their waits in seconds, from and to. Only a `choose` moves anybody."""

    channels: dict[str, tuple[int, int]]


class TypingNow(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="typing"):
    """The other side is writing."""

    by: By
    chat: str = ""


class ReadTo(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="read"):
    """The other side has seen everything up to `n`."""

    by: By
    n: int
    chat: str = ""


class Trouble(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="problem"):
    """What was sent was not done. `id`: of that `say`. `retry_s`: it may be sent again after so long."""

    code: str  # bad_message, too_fast, closed, unavailable, unknown_chat, not_yours, too_many, too_long
    message: str
    id: str = ""
    retry_s: int = 0
    chat: str = ""


ToClient = Welcome | Message | Standing | Proposed | TypingNow | ReadTo | Trouble
encode = msgspec.json.encode
