"""`guichet check`: tries what `guichet serve` will need, one finding per thing, each with its mend.

It changes nothing: no lease is taken, no key is made, no Redis is started.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from router.api.tokens import PublicDemoTokens, refuse_public
from router.core import starving
from router.core.policy import SECOND, Policy
from router.log.connection import connect
from router.log.errors import LogError
from router.log.server import findings
from router.mail.settings import ImapSettings
from router.mail.trial import wrong_with
from router.notify.smtp import Smtp, SmtpSettings
from router.phone import agi_token, ami
from router.phone.settings import AmiSettings
from router.phone.wire import Wire
from router.rules import policy_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from config.gateways import Agi
    from config.mail import Mail
    from config.notify import Smtp as SmtpServer
    from config.site import Log
    from config.tree import Tree

ENOUGH = 1 << 30  # bytes free below which a log has no future
LOGIN_S = 5.0


class Found(Struct, frozen=True):
    """One thing that was tried. `mend` is empty where all is well."""

    what: str
    mend: str = ""
    warning: bool = False


async def check(tree: Tree, redis_url: str) -> AsyncIterator[Found]:
    """Everything beside the configuration itself, which was loaded already."""
    for name in tree.pools:
        for found in fairness(name, policy_of(tree, name)):
            yield found
    yield tokens(tree)
    yield port(tree)
    yield disk(Path(tree.log.archive))
    yield key_file(Path(tree.vault.key_file))
    async for found in redis(tree.log, redis_url):
        yield found
    if not tree.gateways.asterisks():
        yield Found("phone: off (no gateways.phone)", warning=True)
    yield notify(tree)
    if tree.gateways.mail is not None:
        yield await mailbox(tree.gateways.mail)
    if tree.notify.smtp is not None:
        yield await mail_server(tree.notify.smtp)
    for phone in tree.gateways.asterisks().values():
        settings = phone.ami
        yield await fastagi(phone.agi)
        ca_file = str(settings.tls.ca_file) if settings.tls is not None else ""
        yield await asterisk(
            AmiSettings(settings.host, settings.port, settings.user, str(settings.secret_file), ca_file)
        )


def fairness(pool: str, policy: Policy) -> Iterator[Found]:
    """Nobody waits for ever because of how the policy is made."""
    nobody = starving.unserved(policy)
    for topic in policy.topics or ("",):
        tongues = [kind.language for kind in nobody if kind.topic == topic]
        if tongues:
            every = len(tongues) == max(len(policy.languages), 1)
            which = "" if every else f" in {', '.join(tongues)}"
            mend = f"an agent with the skills that `{topic}` needs; or lower these, or drop it"
            what = f"pool `{pool}`: who comes about `{topic}`{which} waits for ever: no agent can serve them"
            yield Found(what, mend if every else "", warning=True)
    worst = starving.starving(policy)
    if worst is None:
        yield Found(f"policy of pool `{pool}`: no kind of contact starves")
        return
    wait = "for ever" if worst.wait is None else f"{worst.wait // SECOND} s"
    what = (
        f"policy of pool `{pool}` starves a {worst.kind}: it would wait {wait} for `{worst.agent}`, who "
        f"takes it soonest. After {starving.ENOUGH} of its targets it is still worth {worst.ahead} points "
        f"less than a {worst.rival} that has waited for one"
    )
    yield Found(what, "raise weights.wait or lower the others, so that the wait outgrows every other term")


def tokens(tree: Tree) -> Found:
    """Somebody may come in, and nobody from outside by a token that everybody knows."""
    try:
        refuse_public(tree.http.host, tuple(token.credential() for token in tree.http.tokens))
    except PublicDemoTokens as wrong:
        return Found("http: demonstration tokens on a public address", str(wrong))
    if not tree.http.tokens:
        return Found(
            "http: no tokens, so nobody can come in", "add http.tokens: config/examples/agency shows how"
        )
    return Found(f"http: {len(tree.http.tokens)} tokens")


def port(tree: Tree) -> Found:
    """The HTTP port is free, or Guichet itself may be on it."""
    host, number = tree.http.host, tree.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, number))
        except OSError as error:
            mend = "is Guichet running already? Else stop what listens there, or set another http.port"
            return Found(f"http: {host}:{number}: {error.strerror}", mend)
    return Found(f"http: {host}:{number} is free")


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


def disk(folder: Path) -> Found:
    """Room for the log and the archive."""
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free
    what = f"disk: {free / (1 << 30):.1f} GiB free for {folder}"
    if not os.access(there, os.W_OK):
        return Found(
            f"disk: {there} is not writable", "give the user of Guichet this folder, or name another"
        )
    return Found(what, "" if free >= ENOUGH else "free some space: at least 1 GiB is wise")


def key_file(path: Path) -> Found:
    """The vault's key is there and private, or can be made."""
    if not path.exists():
        return Found(f"vault: {path} will be made at the first start; keep a copy of it", warning=True)
    if path.stat().st_mode & 0o077:
        return Found(f"vault: {path} can be read by others", f"chmod 600 {path}")
    return Found(f"vault: {path}")


async def redis(settings: Log, url: str) -> AsyncIterator[Found]:
    """A given Redis is asked; of an owned one only its program is looked for."""
    if settings.redis == "owned":
        program = shutil.which("redis-server")
        yield (
            Found(f"redis: owned, {program}")
            if program
            else Found(
                "redis: no redis-server", "apt-get install redis-server, or set log.redis to an address"
            )
        )
        return
    client = connect(url)
    try:
        wrong = await findings(client)
    except LogError as error:
        mend = "start Redis, or correct log.redis and log.password_file"
        yield Found(f"redis: {settings.redis} does not answer: {error}", mend)
        return
    finally:
        await client.aclose()
    for one in wrong:
        yield Found(f"redis: {one.what}", one.mend)
    if not wrong:
        yield Found(f"redis: {settings.redis} is fit to hold a log")


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
