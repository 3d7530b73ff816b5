"""What types cannot say of mail: topics that must exist, a way out, secrecy on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.doubt import Doubt
from config.fault import nearest
from config.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.tree import Tree


def doubts(tree: Tree) -> Iterator[Doubt]:
    """Everything that is wrong with the mailbox of a tree whose types are right."""
    mail, at = tree.gateways.mail, ("gateways", "mail")
    if mail is None:
        return
    if mail.pool not in tree.pools:
        yield Doubt((*at, "pool"), f"no pool `{mail.pool}`: {nearest(mail.pool, tree.pools)}")
    if tree.notify.smtp is None:
        yield Doubt(at, "nothing can be sent: `notify.smtp` is missing")
    if mail.sorting is not None and mail.sorting not in tree.topics:
        yield Doubt((*at, "sorting"), f"no topic `{mail.sorting}`: {nearest(mail.sorting, tree.topics)}")
    for topic in mail.examples:
        if topic not in tree.topics:
            yield Doubt((*at, "examples", topic), f"no topic `{topic}`: {nearest(topic, tree.topics)}")
    if mail.imap.security == "none" and not is_loopback(mail.imap.host):
        yield Doubt(
            (*at, "imap", "security"), "`none` is for loopback only: letters and password are read by all"
        )
