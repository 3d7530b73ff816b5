"""An SMTP server that only counts: for so many letters that delivering each would measure Exim's disk."""

from __future__ import annotations

import socket
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 100  # letters whose content is kept


class Sink:
    """How often each Message-ID came, and what it answered. `stop` and `start` on the same port."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.letters: list[EmailMessage] = []  # the first few
        self.answers: dict[str, str] = {}  # Message-ID -> In-Reply-To
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self._controller: Any = None

    async def handle_DATA(self, server, session, envelope):
        headers = BytesHeaderParser().parsebytes(envelope.content)
        self.copies[headers["Message-ID"]] += 1
        if len(self.letters) < KEPT:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.answers[headers["Message-ID"]] = headers.get("In-Reply-To", "")
        return "250 OK"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()
