"""From the configuration's words to the mail gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.mail.gateway import MailGateway
from router.mail.mime import Limits
from router.mail.settings import ImapSettings, MailSettings
from router.notify.smtp import Smtp, SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.vault import Vault
    from config.mail import Imap, Mail
    from config.tree import Tree
    from router.door import Door
    from router.log.types import Sender
    from router.mail.letter import Letter


def mail_gateway(
    tree: Tree, pool: str, door: Door, vault: Vault, redis: Sender, count: Callable[[str], None]
) -> MailGateway | None:
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
    citizens = _InVault(vault, settings.keep_s)
    return MailGateway(door, settings, vault, redis, citizens, smtp, names=names, count=count)


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


class _InVault:
    """Who wrote, kept in the vault beside the contact; nobody says yet which citizen that is."""

    def __init__(self, vault: Vault, keep_s: int) -> None:
        self._vault, self._keep_s = vault, keep_s

    async def met(self, letter: Letter, contact: str, record: dict[str, Any]) -> str | None:
        await self._vault.put(contact, record, self._keep_s)
        return None

    async def asked(self, citizen: str | None, contact: str, topic: str, at: int) -> None:
        pass
