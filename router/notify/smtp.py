"""The one way out for mail: a message is handed to the site's mail server, and what became of it is told.

Encrypted or not at all, as configured: a server that withholds STARTTLS gets nothing. A header with a line
break, or an address that is none, is never sent. Neither text, addresses nor the server's words (which quote
them) are logged or raised.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import aiosmtplib
from msgspec import Struct

from router.notify.delivery import Delivery, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

log = logging.getLogger(__name__)

Security = Literal["starttls", "tls", "none"]

BREAKS = frozenset("\r\n\0")
LOGIN = frozenset({454, 530, 534, 535, 538})  # the server wants to know who we are: no fault of the message
OURS = frozenset({500, 502, 503, 504})  # server and client do not understand each other: a mend is awaited
LEAVING = 2.0  # seconds for a polite end


class SmtpSettings(Struct, frozen=True):
    """The mail server. `timeout_s` bounds a whole delivery, however slowly the server answers."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password_file: str = ""
    ca_file: str = ""  # of the authority that signed the server's certificate; empty: the system's
    name: str = "localhost"  # what we call ourselves in EHLO
    timeout_s: float = 30.0


class Smtp:
    """One connection for each message: there is no state that a server's restart could break."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings

    async def send(
        self, message: EmailMessage, *, sender: str | None = None, recipients: Sequence[str] | None = None
    ) -> Delivery:
        """Hand it over. `sender` "" (nobody): what comes back of it is dropped, as automatic answers want.

        Without them the headers say who. Repeat what was `unsure` with the same Message-ID. Never raises but
        for cancellation.
        """
        if _broken(message):
            return _told(Delivery("never", "unusable"))
        client = None
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                client = await self._client()
                refused = await self._connected(client)
                return _told(refused or await _handed(client, message, sender, recipients))
        except TimeoutError:  # of the whole
            begun = client is not None and client.is_connected
            return _told(Delivery("later", "timeout", unsure=begun))
        except OSError:
            return _told(Delivery("later", "settings"))  # the password's or the authority's file
        finally:
            if client is not None:
                client.close()

    async def greet(self) -> Delivery:
        """Connect, log in and leave: whether letters would be taken, without one. Never raises."""
        client = None
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                client = await self._client()
                return await self._connected(client) or Delivery("taken", "accepted")
        except TimeoutError:
            return Delivery("later", "timeout")
        except OSError:
            return Delivery("later", "settings")
        finally:
            if client is not None:
                client.close()

    async def _client(self) -> aiosmtplib.SMTP:
        here = self.settings
        context = None
        if here.security != "none":
            context = await asyncio.to_thread(ssl.create_default_context, cafile=here.ca_file or None)
        password = None
        if here.user and here.password_file:
            password = (await asyncio.to_thread(Path(here.password_file).read_text)).strip()
        return aiosmtplib.SMTP(
            hostname=here.host,
            port=here.port,
            username=here.user or None,
            password=password,
            local_hostname=here.name,
            timeout=here.timeout_s,
            use_tls=here.security == "tls",
            start_tls=here.security == "starttls",
            tls_context=context,
        )

    async def _connected(self, client: aiosmtplib.SMTP) -> Delivery | None:
        """Whatever goes wrong before the message is spoken of is no fault of the message."""
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as fault:
            return Delivery("later", "login", fault.code)
        except aiosmtplib.SMTPResponseException as fault:
            return Delivery("later", "login" if fault.code in LOGIN else "turned_away", max(fault.code, 0))
        except aiosmtplib.SMTPTimeoutError:
            return Delivery("later", "timeout")
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            secret = isinstance(fault.__cause__, ssl.SSLError) or isinstance(fault, ssl.SSLError)
            plain = isinstance(fault, aiosmtplib.SMTPNotSupported) or "STARTTLS" in str(fault)
            return Delivery("later", "certificate" if secret else "not_encrypted" if plain else "unreachable")
        return None


async def _handed(
    client: aiosmtplib.SMTP, message: EmailMessage, sender: str | None, recipients: Sequence[str] | None
) -> Delivery:
    try:
        refused, _ = await client.send_message(message, sender=sender, recipients=recipients)
    except aiosmtplib.SMTPRecipientsRefused as fault:
        return _none_taken(fault.recipients)
    except aiosmtplib.SMTPResponseException as fault:
        return _answered(fault.code)
    except aiosmtplib.SMTPNotSupported:
        return Delivery("never", "not_supported")  # the address needs SMTPUTF8
    except aiosmtplib.SMTPTimeoutError:
        return Delivery("later", "timeout", unsure=True)
    except (aiosmtplib.SMTPException, OSError):
        return Delivery("later", "cut_off", unsure=True)
    except (ValueError, LookupError):  # an address or a charset that cannot be written
        return Delivery("never", "unusable")
    try:
        async with asyncio.timeout(LEAVING):
            await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        pass  # it has the message
    some = tuple(Refused(who, _permanent(said.code), said.code) for who, said in refused.items())
    return Delivery("taken", "accepted", refused=some)


def _none_taken(refused: list[aiosmtplib.SMTPRecipientRefused]) -> Delivery:
    """If any of them may be taken later, the message is tried again."""
    each = tuple(Refused(said.recipient, _permanent(said.code), said.code) for said in refused)
    worst = next((one for one in each if not one.permanent), each[0])
    return Delivery("never" if worst.permanent else "later", "refused", worst.status, refused=each)


def _answered(code: int) -> Delivery:
    if code in LOGIN:
        return Delivery("later", "login", code)
    if not 400 <= code < 600:
        return Delivery("later", "nonsense", max(code, 0))
    return Delivery("never" if _permanent(code) else "later", "refused", code)


def _permanent(code: int) -> bool:
    return 500 <= code < 600 and code not in LOGIN and code not in OURS


def _broken(message: EmailMessage) -> bool:
    """Whether a header would end early and begin another, or be the text."""
    try:
        return any(not BREAKS.isdisjoint(str(value)) for value in message.values())
    except (ValueError, LookupError, AttributeError):
        return True


def _told(delivery: Delivery) -> Delivery:
    if delivery.result != "taken":
        log.warning("mail is not delivered", extra={"code": delivery.code, "status": delivery.status})
    return delivery
