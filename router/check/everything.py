"""All that is tried, in the order it is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.check import fairness, here, phone, redis, written
from router.check.found import Found
from router.phone.settings import AmiSettings
from router.rules import policy_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.tree import Tree


async def check(tree: Tree, redis_url: str) -> AsyncIterator[Found]:
    """Everything beside the configuration itself, which was loaded already."""
    for name in tree.pools:
        for found in fairness.fairness(name, policy_of(tree, name)):
            yield found
    yield here.tokens(tree)
    yield here.port(tree)
    yield here.disk(Path(tree.log.archive))
    yield here.key_file(Path(tree.vault.key_file))
    async for found in redis.redis(tree.log, redis_url):
        yield found
    if not tree.gateways.asterisks():
        yield Found("phone: off (no gateways.phone)", warning=True)
    yield written.notify(tree)
    if tree.gateways.mail is not None:
        yield await written.mailbox(tree.gateways.mail)
    if tree.notify.smtp is not None:
        yield await written.mail_server(tree.notify.smtp)
    for site in tree.gateways.asterisks().values():
        settings = site.ami
        yield await phone.fastagi(site.agi)
        ca_file = str(settings.tls.ca_file) if settings.tls is not None else ""
        yield await phone.asterisk(
            AmiSettings(settings.host, settings.port, settings.user, str(settings.secret_file), ca_file)
        )
