"""The mail gateway: drains one mailbox into the log and sends what is to be sent. The shell around the rest.

It decides nothing and promises nothing: a letter stays in its folder, unseen, until it is durable.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from router.core.effects import Refuse
from router.core.events import Contact, Done, Ended, Gone
from router.door import Unavailable
from router.ending import end
from router.log.mail_store import MailStore
from router.mail import sealing
from router.mail.belongings import Belongings
from router.mail.carrying import Carrying
from router.mail.desk import Desk
from router.mail.draining import Draining, where
from router.mail.keeping import Keeping
from router.mail.link import Link, Lost
from router.mail.papers import Papers
from router.mail.sealing import Threads
from router.mail.secret import Secret
from router.mail.sending import Sending
from router.mail.sorting import Sorting
from router.mail.taking import Taking
from router.mail.tongue import Tongue
from router.mail.topics import Topics
from router.mail.writing import Writing

if TYPE_CHECKING:
    from router.door import Door, Released
    from router.log.types import Sender
    from router.mail.keeping import Citizens
    from router.mail.sealing import Vault
    from router.mail.settings import MailSettings
    from router.notify.smtp import Smtp

log = logging.getLogger(__name__)

FIRST_AGAIN, LAST_AGAIN = 1.0, 60.0  # seconds until another try at a server that does not answer
SWEEP_S = 6 * 3600.0


async def nobody(message_id: str) -> bool:
    """Nobody else sends mail here whose bounces come to this mailbox."""
    return False


class MailGateway:
    """`start` and `stop`; `desk` is for agents. `count` hears a word for each thing worth counting."""

    def __init__(
        self,
        door: Door,
        settings: MailSettings,
        vault: Vault,
        redis: Sender,
        citizens: Citizens,
        smtp: Smtp,
        *,
        names: dict[str, str],
        count: Callable[[str], None] = lambda word: None,
        returned: Callable[[str], Awaitable[bool]] = nobody,
    ) -> None:
        self._returned = returned
        self._door, self._settings, self._count = door, settings, count
        store = MailStore(redis, settings.pool, settings.keep_s)
        secret = Secret(Path(settings.key_file))
        threads = Threads(vault)
        papers = Papers(Path(settings.papers), settings.keep_s)
        writing = Writing(settings, store, secret, threads, door.now, self._wake, count)
        self._papers, self._writing, self._store = papers, writing, store
        self._sending = Sending(settings, store, threads, writing, smtp, door.now, count)
        self._citizens, self._secret, self._threads = citizens, secret, threads
        self._carrying = Carrying(door, store, secret, count)
        self.desk = Desk(settings, store, secret, threads, papers, writing, citizens, names)
        self.belongings = Belongings(store, threads, papers, writing, settings.imap)
        self._link = Link(settings.imap)
        self._tasks: set[asyncio.Task[None]] = set()
        self._hush: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """The servers may come later."""
        self._hush = self._door.listen(self._heard)
        for work in (self._drain(), self._send(), self._carry(), self._sweep()):
            self._spawn(work)

    async def stop(self) -> None:
        """Take no more; what is half done is done again at the next start."""
        self._hush()
        self._link.stop()
        await end(self._tasks)

    def _wake(self) -> None:
        self._sending.wake()

    def _heard(self, released: Released) -> None:
        """The log's listener: contacts that ended, and those that a limit turned away."""
        event = released.entry.event
        if isinstance(event, (Done, Ended, Gone)):
            self._carrying.ended(event.contact)
        elif isinstance(event, Contact) and event.channel != "email":
            return
        for effect in released.entry.effects:
            if isinstance(effect, Refuse):
                self._spawn(self._refuse(effect.contact))

    async def _refuse(self, contact: str) -> None:
        try:
            thread = await self._store.thread_of(contact)
            if thread:
                await self._writing.refuse(thread, contact)
        except (OSError, sealing.Lost, ValueError) as fault:
            log.warning("not told of the refusal: %s", type(fault).__name__, extra={"contact": contact})

    async def _drain(self) -> None:
        """While the pool is ours: all that is there, then wait for more. Another owner has another link."""
        settings = self._settings
        topics, tongue = await asyncio.to_thread(  # a second, which nobody else need wait
            lambda: (Topics(settings.examples), Tongue(settings.languages))
        )
        store, secret, threads, citizens = self._store, self._secret, self._threads, self._citizens
        keeping = Keeping(store, secret, threads, self._papers, citizens)
        sorting = Sorting(settings, topics, tongue, self._count)
        taking = Taking(
            self._door,
            settings,
            store,
            secret,
            threads,
            citizens,
            keeping,
            sorting,
            self._writing,
            self._count,
            self._returned,
        )
        draining = Draining(self._link, taking, settings, self._count)
        again = FIRST_AGAIN
        while True:
            try:
                await self._door.read(lambda state: state.n)
                await self._link.open()
                self._count("logins")
                while True:
                    await draining.run()
                    again = FIRST_AGAIN
                    await self._link.wait(self._settings.imap.poll_s)
            except Lost as fault:
                self._count(f"imap_{fault.code}")
                log.warning("the mailbox is away", extra={"code": fault.code})
            except Unavailable as fault:
                self._link.close()
                again = max(again, fault.retry_after)
            except Exception as fault:  # whatever it is: letters wait in their folder, and are tried again
                self._link.close()
                log.warning("letters wait in the mailbox: %s", where(fault))
            await asyncio.sleep(again)
            again = min(again * 2, LAST_AGAIN)

    async def _send(self) -> None:
        while True:
            try:
                await self._door.read(lambda state: state.n)  # only the owner sends
                while await self._sending.some():
                    pass
            except Unavailable:
                pass  # another sends
            except Exception as fault:  # whatever it is: letters stay in the line, and are tried again
                log.warning("nothing can be sent now: %s", where(fault))
            await self._sending.pause()

    async def _carry(self) -> None:
        while True:
            try:
                await self._carrying.run()
            except Unavailable:
                await asyncio.sleep(FIRST_AGAIN)
            except Exception as fault:
                log.warning("unread letters wait: %s", where(fault))
                await asyncio.sleep(LAST_AGAIN)

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._papers.sweep)
            except OSError as fault:
                log.warning("old attachments could not be deleted: %s", fault.strerror)
            await asyncio.sleep(SWEEP_S)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("the mail gateway's work failed: %s", where(fault))
