"""How e-mail reaches Guichet and is answered. What is sent goes by `notify.smtp`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.types import Host, Id, Language, Path, Percent, Port, Text, about

Address = Annotated[
    str, Meta(pattern=r"\A[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\Z", title="a mail address")
]
Words = Annotated[str, Meta(min_length=1, max_length=20_000, title="text of at most 20,000 characters")]
Which = Literal["subject", "received", "delay", "no_delay", "refused_subject", "refused"]


class Imap(Struct, frozen=True, forbid_unknown_fields=True):
    """The mailbox that is drained. Letters are moved, never deleted."""

    host: Annotated[Host, about("Name or address of the IMAP server.")]
    user: Annotated[Text, about("Name to log in with.", quiet=True)]
    password_file: Annotated[Path, about("File with its password, one line.")]
    port: Annotated[Port, about("Its port.")] = 993
    security: Annotated[
        Literal["tls", "starttls", "none"],
        about("`tls`: from the first byte; `starttls`: encrypted before logging in; `none`: loopback only."),
    ] = "tls"
    ca_file: Annotated[
        Path | None, about("Certificate of the authority that signed the server's; none: the system's.")
    ] = None
    folder: Annotated[Text, about("Where letters arrive.")] = "INBOX"
    taken: Annotated[Text, about("Where a letter is moved once it is durable here; made if missing.")] = (
        "Guichet"
    )
    automatic: Annotated[
        Text, about("Where automatic letters go that belong to no contact; made if missing.")
    ] = "Guichet-automatic"
    poll_s: Annotated[
        Annotated[float, Meta(ge=1, le=1500)],
        about("IDLE lasts this long at most; without IDLE the folder is looked at so often."),
    ] = 60


class Mail(Struct, frozen=True, forbid_unknown_fields=True):
    """The e-mail gateway of one pool."""

    address: Annotated[Address, about("The address citizens write to; answers come from it.")]
    imap: Annotated[Imap, about("The mailbox.")]
    name: Annotated[Text, about("The office's name beside the address and below what is sent.")] = "Guichet"
    pool: Annotated[Id, about("The pool that its letters are contacts of.")] = "main"
    vouches: Annotated[
        Host | None,
        about("Name of your mail server in Authentication-Results: its `dmarc=pass` proves a sender."),
    ] = None
    key_file: Annotated[
        Path, about("File of the key for pseudonyms and references; made at first start.")
    ] = "var/mail.key"
    papers: Annotated[Path, about("Folder of attachments, each sealed with its thread's key.")] = "var/mail"
    keep_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)], about("Threads and attachments are gone after this.")
    ] = 90
    size_max: Annotated[
        Annotated[int, Meta(ge=100_000, le=100_000_000)],
        about("Bytes of a letter that are read; the rest stays in the mailbox, and the agent is told."),
    ] = 25_000_000
    attachment_max: Annotated[
        Annotated[int, Meta(ge=0, le=100_000_000)], about("Bytes of an attachment that is kept.")
    ] = 10_000_000
    examples: Annotated[
        dict[Id, tuple[Words, ...]],
        about("Letters by topic, some five each, from which topics are learnt at the start."),
    ] = field(default_factory=dict)
    topic_sure: Annotated[Percent, about("Surer than this of a topic, no person sorts the letter.")] = 60
    language_sure: Annotated[
        Percent, about("Surer than this of a language, the first one configured is not taken instead.")
    ] = 75
    sorting: Annotated[
        Id | None, about("Topic of those who sort letters that nobody is sure of; none: any agent.")
    ] = None
    acknowledge: Annotated[bool, about("Say at once that a letter came, with its number and a date.")] = True
    acknowledgements_per_day: Annotated[
        Annotated[int, Meta(ge=1, le=100)], about("To one sender; more are not sent: they may be a loop.")
    ] = 5
    working_days: Annotated[
        Annotated[int, Meta(ge=0, le=365)],
        about(
            "Work on a letter begins before the close of this working day after it came; 0: no such limit."
        ),
    ] = 5
    texts: Annotated[
        dict[Language, dict[Which, Words]],
        about(
            "Your own words for what is sent by itself; {reference}, {day}, {delay} and {office} are filled."
        ),
    ] = field(default_factory=dict)
    canned: Annotated[
        dict[Id, dict[Language, Words]],
        about("Prepared answers; {reference}, {name}, {agent} and {office} are filled in."),
    ] = field(default_factory=dict)
