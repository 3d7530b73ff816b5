"""What types cannot say of messages to citizens: ways that are there, places that can be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from citizens.sms import size_of
from citizens.template import Unfit, places
from config.doubt import Doubt
from config.fault import nearest
from config.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.fault import Path
    from config.notify import Message, Notify, Wording
    from config.tree import Tree

_NEEDED: dict[str, tuple[str, ...]] = {"email": ("subject", "text"), "sms": ("sms",), "voice": ("prompts",)}


def doubts(tree: Tree) -> Iterator[Doubt]:
    """Everything odd in `notify`."""
    notify = tree.notify
    yield from _servers(tree)
    try:
        ZoneInfo(notify.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Doubt(("notify", "time_zone"), f"no time zone `{notify.time_zone}`: write it as Europe/Paris")
    there = {"email": notify.smtp, "sms": notify.sms, "voice": notify.voice}
    for name, message in notify.messages.items():
        path = ("notify", "messages", name)
        if not any(there[way] is not None for way in message.ways):
            yield Doubt((*path, "ways"), "none of them is configured: nobody can be told this")
        for language, wording in message.texts.items():
            yield from _wording(message, wording, notify, (*path, "texts", language))


def web(url: str, *, private: bool, path: Path) -> Iterator[Doubt]:
    """What is asked over HTTP in the clear must not leave the house."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not private and not is_loopback(parts.hostname or ""):
        yield Doubt(path, "personal data would go over the network in the clear: use https")


def _servers(tree: Tree) -> Iterator[Doubt]:
    notify = tree.notify
    if (smtp := notify.smtp) is not None:
        if smtp.security == "none" and not is_loopback(smtp.host):
            message = "personal data would go over the network in the clear: use `starttls` or `tls`"
            yield Doubt(("notify", "smtp", "security"), message)
        if (smtp.user is None) != (smtp.password_file is None):
            yield Doubt(("notify", "smtp"), "`user` and `password_file` belong together")
        if notify.sender is None and any("email" in each.ways for each in notify.messages.values()):
            yield Doubt(("notify",), "e-mail needs a `sender`")
    if notify.sms is not None:
        yield from web(notify.sms.url, private=notify.sms.private, path=("notify", "sms", "url"))
    asterisks = tree.gateways.asterisks()
    if notify.voice is not None and notify.voice.gateway not in asterisks:
        near = nearest(notify.voice.gateway, asterisks)
        yield Doubt(("notify", "voice"), f"no telephone gateway `{notify.voice.gateway}`: {near}")


def _wording(message: Message, wording: Wording, notify: Notify, path: Path) -> Iterator[Doubt]:
    for way in message.ways:
        for key in _NEEDED[way]:
            if not getattr(wording, key):
                yield Doubt(path, f"the way `{way}` needs `{key}` here")
    for key in ("subject", "text", "sms"):
        text = getattr(wording, key)
        if text is None:
            continue
        try:
            unknown = sorted(places(text) - set(message.variables))
        except Unfit:
            yield Doubt((*path, key), "a brace that belongs to nothing: write `{{` or `}}` for a brace")
            continue
        for name in unknown:
            yield Doubt((*path, key), f"no variable `{name}`: {nearest(name, message.variables)}")
    if wording.sms and notify.sms is not None and size_of(wording.sms).parts > notify.sms.parts_max:
        yield Doubt((*path, "sms"), f"longer than {notify.sms.parts_max} parts: it would never be sent")
