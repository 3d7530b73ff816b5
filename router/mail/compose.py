"""Letters of ours, ready to be sent: plain text, ids fixed before the first try, nothing a header could be
broken by. Pure: date and ids are given."""

from __future__ import annotations

import datetime as dt
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from router.mail.plain import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.mail.letter import Address


def compose(
    own: Address,
    to: Address,
    subject: str,
    text: str,
    message_id: str,
    at: int,
    answers: Sequence[str] = (),
    *,
    automatic: bool = False,
) -> bytes:
    """`answers`: ids of the letters before it, the oldest first. Raises ValueError for no address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(own)
    message["To"] = _mailbox(to)
    message["Subject"] = line(subject, 300)
    message["Message-ID"] = message_id
    message["Date"] = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC)
    known = [each for each in answers if each.isascii()]
    if known:
        message["In-Reply-To"] = known[-1]
        message["References"] = " ".join(known[-10:])
    if automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
        message["X-Guichet"] = "1"
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def again(subject: str, reference: str) -> str:
    """The subject of an answer: one `Re:` and one reference."""
    plain = subject.replace(f"[G-{reference}]", "").strip()
    while plain[:3].lower() == "re:":
        plain = plain[3:].strip()
    return line(f"Re: {plain[:200]} [G-{reference}]", 300)


def _mailbox(who: Address) -> Mailbox:
    local, _, domain = who.address.rpartition("@")
    if not local or not domain:
        raise ValueError("no address")
    name = "".join(each for each in line(who.name, 100) if each not in '"\\')
    return Mailbox(display_name=name, username=local, domain=domain)
