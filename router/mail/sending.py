"""Sends what is in the line: each letter as often as it takes for one server to say that it has it.

Exactly once as far as SMTP allows: its Message-ID was fixed before the first try, whoever claimed it sends
it alone, and only an answer that was lost on the way leads to a second copy, with the same id.
"""

from __future__ import annotations

import asyncio
import logging
from email import message_from_bytes
from email.policy import SMTP
from typing import TYPE_CHECKING

from router.mail.sealing import Lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.log.mail_store import Due, MailStore
    from router.mail.sealing import Threads
    from router.mail.settings import MailSettings
    from router.mail.writing import Writing
    from router.notify.smtp import Smtp

log = logging.getLogger(__name__)

AT_ONCE = 4
FIRST_AGAIN, LAST_AGAIN = 10, 3600  # seconds until another try: doubled each time
LOOK_S = 5.0  # the line is looked at so often even if nobody says that it has something
SECOND = 1_000_000


class Sending:
    """`run` for ever; `wake` when there is something."""

    def __init__(
        self,
        settings: MailSettings,
        store: MailStore,
        threads: Threads,
        writing: Writing,
        smtp: Smtp,
        now: Callable[[], int],
        count: Callable[[str], None],
    ) -> None:
        self._settings, self._store, self._threads, self._writing = settings, store, threads, writing
        self._smtp, self._now, self._count = smtp, now, count
        self._waking = asyncio.Event()

    def wake(self) -> None:
        self._waking.set()

    async def some(self) -> int:
        """What is due now, a few at a time; how many. Raises OSError, Unavailable."""
        now = self._now()
        due = await self._store.claim(now, now + self._settings.claim_s * SECOND, AT_ONCE)
        await asyncio.gather(*(self._send(each) for each in due))
        return len(due)

    async def pause(self) -> None:
        """Until somebody wakes it, or a while."""
        try:
            async with asyncio.timeout(LOOK_S):
                await self._waking.wait()
        except TimeoutError:
            pass
        self._waking.clear()

    async def _send(self, due: Due) -> None:
        try:
            seal, _ = await self._threads.open(due.thread)
            raw = seal.open(due.id, due.sealed)
        except Lost:  # the citizen was erased: nobody is written to
            await self._store.sent(due, "failed")
            return
        message = message_from_bytes(raw, policy=SMTP)
        nobody = "" if message["Auto-Submitted"] else None
        delivery = await self._smtp.send(message, sender=nobody)
        if delivery.result == "taken" and not delivery.refused:
            await self._store.sent(due, "sent")
            await self._became(due, "sent")
            self._count("sent")
        elif delivery.result == "later" and self._now() - due.since < self._settings.give_up_s * SECOND:
            again = min(FIRST_AGAIN << min(due.tries, 12), LAST_AGAIN)
            await self._store.later(due, self._now() + again * SECOND)
            self._count("send_again")
        else:
            await self._store.sent(due, "failed")
            await self._became(due, "failed")
            self._count("send_failed")
            log.error(
                "a letter of ours was not delivered", extra={"contact": due.contact, "code": delivery.code}
            )

    async def _became(self, due: Due, state: str) -> None:
        try:
            await self._writing.became(due, state)
        except Lost:
            log.warning("the thread is gone", extra={"contact": due.contact})
