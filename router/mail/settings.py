"""What the mail gateway must be told. Values only."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from config.hours import Hours
from router.mail.mime import Limits


class ImapSettings(Struct, frozen=True):
    """The mailbox. What was taken is moved to `taken`, what a machine sent to nobody to `automatic`."""

    host: str
    user: str
    password_file: str
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: str = ""
    folder: str = "INBOX"
    taken: str = "Guichet"
    automatic: str = "Guichet-automatic"
    poll_s: float = 60.0  # how long IDLE, or the pause between two looks, lasts at most
    timeout_s: float = 30.0


class MailSettings(Struct, frozen=True):
    """One mailbox of one pool."""

    pool: str
    address: str
    imap: ImapSettings
    key_file: str
    papers: str  # folder of sealed attachments
    name: str = ""  # of the office, as citizens read it
    vouches: str = ""
    keep_s: int = 90 * 86400
    limits: Limits = Limits()
    languages: tuple[str, ...] = ()  # the first one where nothing can be told
    language_sure: float = 0.75
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    topic_sure: float = 0.6
    sorting: str = ""  # topic of those who sort what nobody is sure of
    acknowledge: bool = True
    acknowledgements: int = 5  # to one sender within a day
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # language -> which -> text
    canned: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> language -> text
    working_days: int = 0  # within which work on a letter must begin; 0: no such limit
    hours: Hours | None = None
    at_once: int = 32  # letters in work at a time: each waits for Redis some ten times
    give_up_s: int = 5 * 86400  # a letter of ours that no server took in this time was not delivered
    claim_s: int = 90  # a letter of ours whose sender died is tried again after this
