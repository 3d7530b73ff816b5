"""A mail server on loopback for tests, real and misbehaving on demand: it keeps what it took.

It never speaks to anything beyond loopback.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What was taken, and the answers to give instead: by recipient, or to the whole message."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # recipient, or `DATA` -> SMTP answer
    hang: float = 0.0  # seconds before the answer to DATA
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hang:
            await asyncio.sleep(self.hang)
        answer = self.answers.get("DATA", "250 taken")
        if answer == "hang up":
            server.transport.abort()
        elif answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object):
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


@asynccontextmanager
async def mailbox(
    certificate: Path | None = None, key: Path | None = None, *, tls: bool = False, login: bool = False
) -> AsyncIterator[Mailbox]:
    """Served on a free port. With a certificate it offers STARTTLS, or speaks TLS at once."""
    box, context = Mailbox(), None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
    protocols: list[SMTP] = []

    def protocol() -> SMTP:
        made = SMTP(
            box,
            hostname="localhost",
            tls_context=None if tls else context,
            authenticator=box.authenticate if login else None,
            auth_require_tls=certificate is not None and not tls,
            auth_required=login,
        )
        protocols.append(made)
        return made

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context if tls else None
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        for each in protocols:
            if each.transport is not None:
                each.transport.abort()
        await asyncio.sleep(0)
