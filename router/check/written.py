"""Whether letters come in and go out: the mailbox, the mail server, the ways to citizens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.check.found import Found
from router.mail.settings import ImapSettings
from router.mail.trial import wrong_with
from router.notify.smtp import Smtp, SmtpSettings

if TYPE_CHECKING:
    from config.mail import Mail
    from config.notify import Smtp as SmtpServer
    from config.tree import Tree

LOGIN_S = 5.0


def notify(tree: Tree) -> Found:
    """Ways to citizens, and the files of secrets they name."""
    smtp, sms, voice = tree.notify.smtp, tree.notify.sms, tree.notify.voice
    ways = [name for name, there in (("email", smtp), ("sms", sms), ("voice", voice)) if there is not None]
    named = [smtp.password_file, smtp.ca_file] if smtp is not None else []
    named += [sms.token_file, sms.ca_file] if sms is not None else []
    missing = [each for each in named if each is not None and not Path(each).is_file()]
    if missing:
        mend = "put the secret there, one line, or correct `notify` in the configuration"
        return Found(f"notify: no file {', '.join(missing)}", mend)
    if not ways:
        return Found(
            "notify: off, no message reaches a citizen by itself (no notify.smtp, sms, voice)", warning=True
        )
    return Found(f"notify: {', '.join(ways)}; {len(tree.notify.messages)} messages")


async def mailbox(mail: Mail) -> Found:
    """The IMAP server lets us in, and the folder is there."""
    imap = mail.imap
    settings = ImapSettings(
        imap.host, imap.user, imap.password_file, imap.port, imap.security, imap.ca_file or "", imap.folder
    )
    wrong = await wrong_with(settings)
    where = f"mail: {imap.host}:{imap.port}"
    return Found(where, wrong) if wrong else Found(f"{where}: logged in, {imap.folder} is there")


async def mail_server(server: SmtpServer) -> Found:
    """The SMTP server lets us in."""
    settings = SmtpSettings(
        server.host, server.port, server.security, server.user or "", server.password_file or "",
        server.ca_file or "", server.name, LOGIN_S,
    )  # fmt: skip
    delivery = await Smtp(settings).greet()
    where = f"smtp: {server.host}:{server.port}"
    if delivery.result == "taken":
        return Found(f"{where}: would take our letters")
    return Found(f"{where}: {delivery.code}", "correct notify.smtp, or start the server")
