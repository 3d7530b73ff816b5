"""Tries the mailbox for `guichet check`: log in, look for the folder. It reads no letter, makes nothing."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

if TYPE_CHECKING:
    from router.mail.settings import ImapSettings

PATIENCE_S = 10


async def wrong_with(settings: ImapSettings) -> str:
    """The mend; empty: all is well."""
    return await asyncio.to_thread(_try, settings)


def _try(here: ImapSettings) -> str:
    client = None
    try:
        password = Path(here.password_file).read_text().strip()
        context = ssl.create_default_context(cafile=here.ca_file or None)
    except OSError as fault:
        return f"imap.password_file or imap.ca_file: {fault.strerror}: write it there, mode 600"
    tls = here.security == "tls"
    try:
        client = IMAPClient(
            here.host, here.port, ssl=tls, ssl_context=context if tls else None, timeout=PATIENCE_S
        )
        if here.security == "starttls":
            client.starttls(context)
        client.login(here.user, password)
        if not client.folder_exists(here.folder):
            return f"there is no folder {here.folder}: correct imap.folder"
    except ssl.SSLError:
        return "the server's certificate is not believed: set imap.ca_file, or correct imap.host"
    except LoginError:
        return "the server refuses the name or the password: correct imap.user or its password_file"
    except (OSError, IMAPClientError, ValueError):
        return "no IMAP there: correct imap.host, imap.port and imap.security, or start the server"
    finally:
        if client is not None:
            with suppress(Exception):
                client.shutdown()
    return ""
