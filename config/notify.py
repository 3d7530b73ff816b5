"""How citizens are written to and rung: the ways out, when not to use them, and the messages themselves.

No secret is a value: passwords and tokens are the names of files.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.types import (
    Departement,
    Host,
    Id,
    Language,
    MailAddress,
    Number,
    Path,
    Sound,
    Span,
    Text,
    Variable,
    WebAddress,
    about,
)

WayName = Literal["email", "sms", "voice"]
DayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[DayName, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


class Smtp(Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server that takes what is sent."""

    host: Annotated[Host, about("Name or address of the mail server.")]
    port: Annotated[Annotated[int, Meta(ge=1, le=65535)], about("Its port.")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        about("`starttls`: encrypted or nothing is sent; `tls`: from the first byte; `none`: loopback only."),
    ] = "starttls"
    user: Annotated[Text | None, about("Name to log in with.")] = None
    password_file: Annotated[Path | None, about("File with its password, one line.")] = None
    ca_file: Annotated[
        Path | None, about("Certificate of the authority that signed the server's; none: the system's.")
    ] = None
    name: Annotated[Host, about("What Guichet calls itself when it greets.")] = "localhost"
    timeout_s: Annotated[
        Annotated[float, Meta(ge=1, le=600)], about("A delivery takes this long at most.")
    ] = 30


class Web(Struct, frozen=True, forbid_unknown_fields=True):
    """A server that is asked over HTTP. No redirect is followed."""

    url: Annotated[WebAddress, about("Its address; `http` on loopback or with `private` only.")]
    token_file: Annotated[Path | None, about("File with the bearer token it wants, one line.")] = None
    ca_file: Annotated[
        Path | None, about("Certificate of the authority that signed its own; none: the system's.")
    ] = None
    timeout_s: Annotated[Annotated[float, Meta(ge=1, le=60)], about("An answer takes so long at most.")] = 10
    private: Annotated[bool, about("It may have a private address, in a network of yours.")] = False


class Sms(Web, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider of text messages: see docs/reference/notify.md for what is asked of it."""

    sender: Annotated[
        Annotated[str, Meta(pattern=r"\A[A-Za-z0-9 ]{1,11}\Z|\A\+?[0-9]{3,15}\Z", title="a sender's name")],
        about("From whom: a number, or up to 11 letters and digits."),
    ]
    parts_max: Annotated[
        Annotated[int, Meta(ge=1, le=10)], about("Longer messages are not sent: each part is paid for.")
    ] = 3


class Voice(Struct, frozen=True, forbid_unknown_fields=True):
    """Calls that play a message, through a telephone gateway of this configuration."""

    dial: Annotated[
        Annotated[
            str,
            Meta(
                pattern=r"\A[A-Za-z0-9]+/[A-Za-z0-9@:._/-]*\{number\}[A-Za-z0-9@:._/-]*\Z",
                title="a channel such as PJSIP/{number}@trunk",
            ),
        ],
        about("The channel to call; `{number}` stands for the citizen's, with its +."),
    ]
    gateway: Annotated[Id, about("Which telephone gateway.")] = "phone"
    caller: Annotated[Number | None, about("Number shown to the citizen.")] = None
    ring_s: Annotated[Annotated[float, Meta(ge=5, le=120)], about("It rings this long.")] = 30


class Quiet(Struct, frozen=True, forbid_unknown_fields=True):
    """When nobody is rung or sent a text message, by the clock where the citizen is."""

    night: Annotated[Span, about('From when until when, over midnight as a rule: "20:00-08:00".')] = (
        "20:00-08:00"
    )
    days: Annotated[tuple[DayName, ...], about("Whole days of rest.")] = ("sunday",)
    holidays: Annotated[
        Departement | None, about("Rest on the public holidays of this French département too.")
    ] = None


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """A message in one language. `{name}` is a place for a variable, `{{` a brace."""

    subject: Annotated[Text | None, about("Subject of the e-mail.")] = None
    text: Annotated[
        Annotated[str, Meta(min_length=1, max_length=20_000)] | None, about("Text of the e-mail.")
    ] = None
    sms: Annotated[Annotated[str, Meta(min_length=1, max_length=1530)] | None, about("The text message.")] = (
        None
    )
    prompts: Annotated[tuple[Sound, ...], about("Sound files that a call plays.")] = ()


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that citizens are told."""

    texts: Annotated[
        Annotated[dict[Language, Wording], Meta(min_length=1)],
        about("By language; the first is for whoever speaks none of them."),
    ]
    why: Annotated[
        Literal["asked", "service", "proactive"],
        about(
            "`asked`: the citizen asked for it, so it needs no consent and comes at once; `service`: needs "
            "consent to the way; `proactive`: consent to be told of rights as well."
        ),
    ] = "service"
    variables: Annotated[
        dict[Variable, Text], about("What fills its places: a name, and what it is for.")
    ] = field(default_factory=dict)
    ways: Annotated[
        Annotated[tuple[WayName, ...], Meta(min_length=1)],
        about("By which ways, the first first; a citizen's preference comes before."),
    ] = ("sms", "email")
    valid_s: Annotated[
        Annotated[float, Meta(ge=60, le=2_592_000)], about("After this it is of no use to anybody.")
    ] = 172_800


class Notify(Struct, frozen=True, forbid_unknown_fields=True):
    """Messages to citizens of the agency's own accord: e-mail, text message, voice call."""

    smtp: Annotated[Smtp | None, about("Mail server; none: no e-mail is sent.")] = None
    sender: Annotated[MailAddress | None, about("From which address e-mail is sent.")] = None
    sender_name: Annotated[Text | None, about("The name shown beside it.")] = None
    sms: Annotated[Sms | None, about("Provider of text messages; none: none are sent.")] = None
    voice: Annotated[Voice | None, about("Calls that play a message; none: none are made.")] = None
    quiet: Annotated[Quiet, about("When nobody is disturbed.")] = field(default_factory=Quiet)
    time_zone: Annotated[
        str, about("Where citizens are whose telephone number does not say it; IANA name.")
    ] = "Europe/Paris"
    attempts: Annotated[
        Annotated[int, Meta(ge=1, le=20)], about("A way is tried so often before the next one.")
    ] = 5
    first_pause_s: Annotated[
        Annotated[float, Meta(ge=1, le=86_400)],
        about("Pause after the first failure; the next ones double it."),
    ] = 30
    messages: Annotated[dict[Id, Message], about("The messages by id.")] = field(default_factory=dict)
