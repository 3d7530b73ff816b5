"""A running Guichet with a mailbox, and what citizens and agents do with it by IMAP, SMTP and HTTP.

Each office has its folder; two of them may write to each other."""

from __future__ import annotations

import asyncio
import time
from email.message import EmailMessage
from pathlib import Path

from tests.mail.servers import MailServers
from tests.serve.process import Process

CONFIG = """\
notify:
  smtp: {{host: 127.0.0.1, port: {smtp}, security: none, name: guichet.test, timeout_s: 10}}
gateways:
  mail:
    address: {name}@guichet.test
    name: Guichet du laboratoire
    imap:
      {{host: 127.0.0.1, port: {imap}, security: none, user: {name}, password_file: {password}, poll_s: 5}}
    key_file: {folder}/var/mail.key
    papers: {folder}/var/mail
    vouches: mx.guichet.test
    sorting: technical
    examples:
      housing:
        - Ma demande d'aide au logement n'est pas traitée, je paie mon loyer
        - Je déménage, que devient mon APL ?
        - My rent has gone up, can I get housing benefit?
        - Mon propriétaire n'a pas reçu l'allocation logement
      family:
        - Naissance de mon enfant, quelles allocations familiales ?
        - Prime de naissance et congé parental
        - We had a baby, which family allowance do we get
        - Allocation de rentrée scolaire pour mes enfants
    canned:
      papers:
        fr: "Bonjour {{name}}, envoyez-nous vos papiers sous {{reference}}. {{agent}}, {{office}}"
"""


class Office:
    """`start`, `kill`, `stop` as of `Process`."""

    def __init__(self, servers: MailServers, folder: Path, name: str, smtp: int = 0) -> None:
        self.servers, self.name = servers, name
        folder.mkdir(parents=True, exist_ok=True)
        servers.box(name)
        config = CONFIG.format(
            smtp=smtp or servers.smtp,
            imap=servers.imap,
            name=name,
            password=servers.at / "password",
            folder=folder,
        )
        self.guichet = Process(folder, config)

    async def __aenter__(self) -> Office:
        await self.guichet.start()
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self.guichet.stop()

    async def contacts(self, **query: str) -> list[dict]:
        """All that the log knows."""
        found, after = [], ""
        while after is not None:
            words = "&".join(f"{name}={value}" for name, value in (query | {"limit": "200"}).items())
            status, page = await self.guichet.ask(
                "GET", f"contacts?{words}{f'&after={after}' if after else ''}", "demo-supervisor"
            )
            assert status == 200, page
            found += page["contacts"]
            after = page["next"]
        return found

    async def accepts(self, agent: str) -> str:
        """The agent is ready, is offered a contact, takes it: which."""
        token = f"demo-agent-{agent}"
        await self.guichet.ask("PUT", f"agents/{agent}/state", token, {"state": "ready"})

        async def offered() -> str:
            for each in await self.contacts(state="offered"):
                _, story = await self.guichet.ask("GET", f"contacts/{each['contact']}", "demo-supervisor")
                for offer in story["offers"]:
                    if offer["agent"] == agent and offer["state"] == "open":
                        body = {"answer": "accepted"}
                        status, _ = await self.guichet.ask(
                            "POST", f"offers/{offer['offer']}/answer", token, body
                        )
                        if status == 200:
                            return each["contact"]
            return ""

        return await until(offered)

    async def figure(self, what: str) -> float:
        """Of `guichet_mail_total`."""
        _, page = await self.guichet.get("/metrics")
        lines = page.decode().splitlines()
        return next(
            float(line.rsplit(" ", 1)[1])
            for line in lines
            if f'guichet_mail_total{{pool="main",what="{what}"}}' in line
        )


async def until(question, within: float = 30):
    """The first answer that is true. Other processes are waited for: only asking tells."""
    end = time.monotonic() + within
    while True:
        answer = question()
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return answer
        assert time.monotonic() < end, "it did not come to be"
        await asyncio.sleep(0.1)


def letter(sender: str, subject: str, text: str, number: int | str = 1, **headers: str) -> bytes:
    """A citizen's letter as their mail program writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "office@guichet.test", subject
    message["Message-ID"] = f"<{number}@citizens.test>"
    message["Date"] = "Mon, 30 Nov 2026 03:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()
