"""Whether Asterisk lets Guichet in, and whether calls can prove themselves."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from router.check.found import Found
from router.phone import agi_token, ami
from router.phone.wire import Wire

if TYPE_CHECKING:
    from config.gateways import Agi
    from router.phone.settings import AmiSettings

LOGIN_S = 5.0


async def fastagi(settings: Agi) -> Found:
    """Whoever connects for a call can be known."""
    where = f"fastagi: {settings.host}:{settings.port}"
    if settings.secret_file is None:
        what = f"{where} believes whoever may connect (agi.secret_file is not set)"
        return Found(what, warning=True)
    try:
        await asyncio.to_thread(agi_token.read, Path(settings.secret_file))
    except OSError as error:
        mend = "the secret is GUICHET_AGI_SECRET of the dialplan: docs/how-to/asterisk.md"
        return Found(f"{where}: {settings.secret_file}: {error.strerror or error}", mend)
    return Found(f"{where}: calls prove themselves by {settings.secret_file}")


async def asterisk(settings: AmiSettings) -> Found:
    """The manager port answers and takes our name and secret."""
    where = f"asterisk: {settings.host}:{settings.port}"
    try:
        secret = (await asyncio.to_thread(Path(settings.secret_file).read_text)).strip()
    except OSError as error:
        return Found(
            f"{where}: {settings.secret_file}: {error.strerror}", "write the manager's secret there, mode 600"
        )
    try:
        async with asyncio.timeout(2.0):
            _, writer = await asyncio.open_connection(settings.host, settings.port)
        writer.close()
    except (OSError, TimeoutError) as error:
        return Found(
            f"{where} does not answer: {error or 'no answer'}", "start Asterisk; manager.conf: enabled, port"
        )
    try:
        wire = Wire(settings, secret)
    except OSError as error:
        return Found(f"{where}: {settings.ca_file}: {error.strerror or error}", "correct ami.tls.ca_file")
    wire.connect()
    try:
        async with asyncio.timeout(LOGIN_S):
            while not isinstance(await wire.events.get(), ami.LoggedIn):
                pass
    except TimeoutError:
        mend = "manager.conf: the user's name, secret, permit and read/write classes (deploy/asterisk/etc)"
        return Found(f"{where}: no login as {settings.user} within {LOGIN_S:.0f} s", mend)
    finally:
        wire.close()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
    return Found(f"{where}: logged in as {settings.user}")
