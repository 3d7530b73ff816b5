"""From the configuration's words to the notify port: rules, messages, ways out, and what works them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.quiet import Quiet
from config.calendar import is_holiday
from config.hours import minutes
from config.notify import DAYS
from router.log.notify_store import RedisNoticeStore
from router.notify.belongings import Belongings
from router.notify.email import Email, notice_of
from router.notify.outbox import Outbox
from router.notify.post import Post
from router.notify.rules import SECOND, Rules
from router.notify.safe import CitizenSafe
from router.notify.shelf import Shelf
from router.notify.sms import Sms
from router.notify.smtp import Smtp, SmtpSettings
from router.notify.wording import Told, Wording
from router.outward import Outward, Server
from router.phone.notify_call import VoiceCalls, VoiceSettings
from router.serve.citizens import now
from router.serve.phone import ami_settings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from config.notify import Message, Notify, Web
    from config.notify import Quiet as QuietKeys
    from config.notify import Smtp as SmtpKeys
    from config.tree import Tree
    from router.log.types import Sender
    from router.notify.ways import Ways
    from router.serve.citizens import Citizens


class NotifyPort(Struct, frozen=True):
    """`outbox.run()` it; `stop` it at the end."""

    post: Post
    outbox: Outbox
    belongings: Belongings
    voice: VoiceCalls | None
    ways: Ways

    async def returned(self, message_id: str) -> bool:
        """A mail bounced. False: it was no message of ours."""
        notice = notice_of(message_id)
        return bool(notice) and await self.outbox.returned(notice, "email", "not_arrived")

    async def stop(self) -> None:
        if self.voice is not None:
            await self.voice.stop()


def open_notify(
    tree: Tree, pool: str, redis: Sender, citizens: Citizens, count: Callable[[str, str], None]
) -> NotifyPort:
    """Without a word of it in the configuration there are no messages, and nothing is due."""
    voice = voice_calls(tree)
    ways = ways_of(tree.notify, voice)
    rules = rules_of(tree.notify)
    shelf = Shelf(RedisNoticeStore(redis, pool))
    safe = CitizenSafe(citizens.vault, citizens.key_of)
    outbox = Outbox(shelf, safe, citizens.register, rules, ways, now, count)
    post = Post(shelf, safe, citizens.register, rules, frozenset(ways), now, outbox.wake)
    return NotifyPort(post, outbox, Belongings(shelf, safe), voice, ways)


def ways_of(notify: Notify, voice: VoiceCalls | None) -> Ways:
    """Those that are configured."""
    ways: Ways = {}
    if notify.smtp is not None and notify.sender is not None:
        ways["email"] = Email(Smtp(smtp_settings(notify.smtp)), notify.sender, notify.sender_name or "")
    if notify.sms is not None:
        ways["sms"] = Sms(Outward(server_of(notify.sms)), notify.sms.sender, notify.sms.parts_max)
    if voice is not None:
        ways["voice"] = voice
    return ways


def voice_calls(tree: Tree) -> VoiceCalls | None:
    """Through the Asterisk that the configuration names."""
    keys = tree.notify.voice
    if keys is None:
        return None
    ami = ami_settings(tree.gateways.asterisks()[keys.gateway].ami)
    return VoiceCalls(VoiceSettings(ami, keys.dial, keys.caller or "", keys.ring_s))


def rules_of(notify: Notify) -> Rules:
    """How messages are sent here."""
    return Rules(
        messages={name: _told(message) for name, message in notify.messages.items()},
        quiet=quiet_of(notify.quiet),
        zone=notify.time_zone,
        attempts=notify.attempts,
        first_pause=round(notify.first_pause_s * SECOND),
    )


def quiet_of(keys: QuietKeys) -> Quiet:
    """Nights, days and holidays."""
    start, end = minutes(keys.night)
    days = frozenset(DAYS.index(day) for day in keys.days)
    departement = keys.holidays

    def rests(day: dt.date) -> bool:
        return departement is not None and is_holiday(departement, day)

    return Quiet(start, end, days, rests)


def _told(message: Message) -> Told:
    texts = {
        language: Wording(each.subject or "", each.text or "", each.sms or "", each.prompts)
        for language, each in message.texts.items()
    }
    valid = round(message.valid_s * SECOND)
    return Told(texts, message.why, frozenset(message.variables), message.ways, valid)


def server_of(web: Web) -> Server:
    """A server that is asked over HTTP; its secret stays the name of a file."""
    token, ca_file = str(web.token_file or ""), str(web.ca_file or "")
    return Server(web.url, token, ca_file, web.timeout_s, web.private)


def smtp_settings(smtp: SmtpKeys) -> SmtpSettings:
    """The mail server; secrets stay names of files."""
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        user=smtp.user or "",
        password_file=str(smtp.password_file or ""),
        ca_file=str(smtp.ca_file or ""),
        name=smtp.name,
        timeout_s=smtp.timeout_s,
    )
