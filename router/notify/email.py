"""Messages by e-mail: plain text in UTF-8, marked as automatic so that no machine answers it."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from router.notify.delivery import Delivery
from router.notify.smtp import Smtp
from router.notify.ways import Message


class Email:
    """`ways.Sender` over the site's mail server."""

    def __init__(self, smtp: Smtp, sender: str, name: str = "") -> None:
        self._smtp, self._sender, self._name = smtp, sender, name

    async def send(self, message: Message) -> Delivery:
        try:
            letter = self._letter(message)
        except (ValueError, LookupError):  # an address or a subject that no header can hold
            return Delivery("never", "unusable")
        return await self._smtp.send(letter, sender=self._sender, recipients=[message.to])

    async def arrived(self, reference: str) -> Delivery | None:
        """What comes back arrives as mail: `Outbox.returned` is told by whoever reads it."""
        return None

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = Address(self._name, addr_spec=self._sender)
        letter["To"] = message.to
        letter["Subject"] = message.subject
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2]}>"
        letter["Content-Language"] = message.language
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text)
        return letter


def notice_of(message_id: str) -> str:
    """The notice that a Message-ID of ours names, '' for any other: for whoever reads what came back."""
    local = message_id.strip().removeprefix("<").partition("@")[0]
    name, dot, way = local.rpartition(".")
    return name if dot and way == "email" else ""
