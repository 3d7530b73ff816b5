"""From the configuration's words to the mail gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from citizens.claim import Claim
from citizens.identifier import Unusable
from citizens.journey import Happened
from citizens.met import Met
from citizens.spelling import spell
from router.mail.gateway import MailGateway
from router.mail.mime import Limits
from router.mail.settings import ImapSettings, MailSettings
from router.notify.smtp import Smtp, SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from citizens.register import Register
    from citizens.vault import Vault
    from config.mail import Imap, Mail
    from config.tree import Tree
    from router.door import Door
    from router.log.types import Sender
    from router.mail.letter import Letter


CLAIM_S = 15  # on top of the longest delivery: then whoever was to send it is dead


def mail_gateway(
    tree: Tree, pool: str, door: Door, vault: Vault, register: Register, redis: Sender,
    count: Callable[[str], None], returned: Callable[[str], Awaitable[bool]],
) -> MailGateway | None:  # fmt: skip
    """None: no mail is configured for this pool."""
    mail, server = tree.gateways.mail, tree.notify.smtp
    if mail is None or server is None or mail.pool != pool:
        return None
    smtp = Smtp(
        SmtpSettings(
            server.host,
            server.port,
            server.security,
            server.user or "",
            str(server.password_file or ""),
            str(server.ca_file or ""),
            server.name,
            server.timeout_s,
        )
    )
    settings = mail_settings(tree, mail)
    names = {name: agent.name or name for name, agent in tree.agents.items()}
    citizens = _Known(register, door.now, settings.keep_s)
    return MailGateway(
        door, settings, vault, redis, citizens, smtp, names=names, count=count, returned=returned
    )


def mail_settings(tree: Tree, mail: Mail) -> MailSettings:
    """What the gateway must be told."""
    return MailSettings(
        pool=mail.pool,
        address=mail.address.lower(),
        imap=imap_settings(mail.imap),
        key_file=str(mail.key_file),
        papers=str(mail.papers),
        name=mail.name,
        vouches=mail.vouches or "",
        keep_s=mail.keep_days * 86_400,
        limits=Limits(size=mail.size_max, attachment=mail.attachment_max),
        languages=tuple(tree.languages),
        language_sure=mail.language_sure / 100,
        examples=dict(mail.examples),
        topic_sure=mail.topic_sure / 100,
        sorting=mail.sorting or "",
        acknowledge=mail.acknowledge,
        acknowledgements=mail.acknowledgements_per_day,
        texts={
            language: {which: text for which, text in texts.items()} for language, texts in mail.texts.items()
        },
        canned={name: dict(texts) for name, texts in mail.canned.items()},
        working_days=mail.working_days,
        hours=tree.hours,
        claim_s=round(tree.notify.smtp.timeout_s) + CLAIM_S if tree.notify.smtp is not None else CLAIM_S,
    )


def imap_settings(imap: Imap) -> ImapSettings:
    """The mailbox."""
    return ImapSettings(
        imap.host,
        imap.user,
        str(imap.password_file),
        imap.port,
        imap.security,
        str(imap.ca_file or ""),
        imap.folder,
        imap.taken,
        imap.automatic,
        imap.poll_s,
    )


class _Known:
    """Who writes letters, by the one register."""

    def __init__(self, register: Register, now: Callable[[], int], keep_s: int) -> None:
        self._register, self._now, self._keep_s = register, now, keep_s

    async def met(self, letter: Letter) -> str:
        return (await self._register.recognise(_claims(letter), "email")).citizen

    async def keep(self, citizen: str, letter: Letter, name: str, record: dict[str, Any]) -> None:
        """The pseudonym was fixed with the thread's first letter: a repetition meets nobody new."""
        claims = _claims(letter)
        met = Met(citizen, sure=False, why="claimed")
        if letter.vouched:
            known = await self._register.recognise(claims, "email")
            met = known if known.citizen == citizen else met
        await self._register.settle(met, claims, "email", name, record, self._keep_s)

    async def asked(self, citizen: str, contact: str, topic: str, at: int) -> None:
        happened = Happened(
            f"mail-{contact}", at, "questioned", "email", about=contact, contact=contact, topic=topic
        )
        await self._register.note(citizen, happened)

    async def answered(self, citizen: str, contact: str, agent: str) -> None:
        happened = Happened(
            f"mail-{contact}-answered", self._now(), "answered", "email",
            about=contact, contact=contact, agent=agent,
        )  # fmt: skip
        await self._register.note(citizen, happened)


def _claims(letter: Letter) -> list[Claim]:
    """Its sender, if that is an address that can be anybody's: a claim, a proof where the domain vouched."""
    try:
        return [Claim(spell("email", letter.sender.address), "signed" if letter.vouched else "sender")]
    except Unusable:
        return []
