"""One letter into the log: read, placed in its thread, kept sealed, then told to the core, then acknowledged.

Each step may be repeated and changes nothing then, for all names come from the letter itself. A kill between
two of them costs a repetition: never a letter, never a second contact.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Literal

from router.core.estimate import estimate_of
from router.core.lifecycle import FINISHED
from router.log.mail_store import Taken
from router.mail.place import Candidate, place
from router.mail.read import read
from router.mail.sealing import Lost
from router.mail.secret import referred

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.core.state import State
    from router.door import Door
    from router.log.mail_store import MailStore
    from router.mail.keeping import Citizens, Keeping
    from router.mail.letter import Letter
    from router.mail.place import Placed
    from router.mail.sealing import Threads
    from router.mail.secret import Secret
    from router.mail.settings import MailSettings
    from router.mail.sorting import Sorting
    from router.mail.writing import Writing

log = logging.getLogger(__name__)

LARGE = 20_000  # bytes from which reading is done in a thread

Filed = Literal["taken", "automatic"]


class Refused(Exception):
    """The core will not have this letter: a person must look at it. `code` is the core's."""


class Taking:
    """`take` one letter. `count` hears a word for each thing worth counting."""

    def __init__(
        self,
        door: Door,
        settings: MailSettings,
        store: MailStore,
        secret: Secret,
        threads: Threads,
        citizens: Citizens,
        keeping: Keeping,
        sorting: Sorting,
        writing: Writing,
        count: Callable[[str], None],
        returned: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._door, self._settings, self._store, self._secret = door, settings, store, secret
        self._threads, self._citizens, self._keeping = threads, citizens, keeping
        self._sorting, self._writing, self._count = sorting, writing, count
        self._returned = returned  # hears the Message-ID of what came back; whether it was a notice of ours
        self._busy: dict[str, asyncio.Lock] = {}  # letters in work: two copies of one are taken in turn

    async def take(self, raw: bytes, came: int) -> Filed:
        """Where it is to be filed now. Raises OSError, Unavailable: try again; Refused, Lost: never."""
        settings = self._settings
        if len(raw) > LARGE:
            letter = await asyncio.to_thread(read, raw, settings.address, settings.vouches, settings.limits)
            name = await asyncio.to_thread(self._secret.letter, raw)
        else:
            letter = read(raw, settings.address, settings.vouches, settings.limits)
            name = self._secret.letter(raw)
        lock = self._busy.setdefault(name, asyncio.Lock())
        try:
            async with lock:
                return await self._take(letter, name, came)
        finally:
            if not lock.locked():
                self._busy.pop(name, None)

    async def _take(self, letter: Letter, name: str, came: int) -> Filed:
        bounce = letter.bounce
        if bounce is not None and bounce.failed and await self._returned(bounce.about):
            self._count("bounced")
            return "automatic"
        named = [*letter.references[:10], *([letter.bounce.about] if letter.bounce else [])]
        known = await self._store.know(
            name, [self._secret.name("id", each) for each in named], referred(letter.subject)
        )
        if known.taken is not None and known.taken.done:
            self._count("again")
            return "taken"
        taken = known.taken
        if taken is None:
            candidates = await self._candidates(letter, known.threads, known.referred)
            placed = place(letter, candidates)
            if placed.kind == "nobody":
                self._count("loop_stopped")
                return "automatic"
            taken = self._taken(name, placed)
            language = self._sorting.language(letter)
            await self._keeping.keep(letter, name, taken, placed.claims, language, came, self._door.now())
        if taken.kind == "contact":
            await self._ask(letter, taken, came)
        self._count({"contact": "taken", "follow": "followed", "noted": "noted"}[taken.kind])
        if letter.bounce is not None:
            self._count("bounced" if letter.bounce.failed else "delayed")
        await self._store.done(name)
        return "taken"

    async def _candidates(
        self, letter: Letter, threads: tuple[tuple[str, str], ...], by_reference: str
    ) -> list[Candidate]:
        """Threads that the letter names, each once."""
        sender = self._secret.name("address", letter.sender.address)
        found: dict[str, Candidate] = {}
        for thread, by in (*threads, *([(by_reference, "reference")] if by_reference else [])):
            if thread in found and (by == "reference" or found[thread].by != "in"):
                continue
            try:
                await self._threads.open(thread)
            except Lost:  # its citizen was erased: it is nobody's thread any more
                continue
            contact = await self._store.current(thread)
            alive = await self._door.read(lambda state, contact=contact: _open(state, contact))  # type: ignore[misc]
            found[thread] = Candidate(thread, contact, by, await self._store.knows(thread, sender), alive)
        return list(found.values())

    def _taken(self, name: str, placed: Placed) -> Taken:
        contact = placed.contact or f"m-{self._secret.name('contact', name)}"
        return Taken(placed.thread or contact, contact, placed.kind, False)

    async def _ask(self, letter: Letter, taken: Taken, came: int) -> None:
        """A contact on the log, and the acknowledgement in the line."""
        record = {"address": letter.sender.address, "name": letter.sender.name, "subject": letter.subject}
        _, with_whom = await self._threads.open(taken.thread)
        citizen = with_whom["citizen"]
        await self._citizens.keep(citizen, letter, taken.contact, record)
        topic, language = self._sorting.topic(letter), self._sorting.language(letter)
        policy, now = await self._door.read(lambda state: state.policy), self._door.now()
        event = self._sorting.contact(policy, taken, citizen, topic, language, came, now)
        # Before a kill it may have come to be, with another wait: the core refuses that repetition.
        if not await self._door.read(lambda state: taken.contact in state.contacts):
            result = await self._door.submit(event)
            if result.refusal is not None:
                raise Refused(result.refusal.code)
        await self._citizens.asked(citizen, taken.contact, event.topic, came or now)
        if letter.automatic or not letter.reply_to.address or not self._settings.acknowledge:
            self._count("not_acknowledged")
            return
        wait = await self._door.read(lambda state: _wait(state, taken.contact))
        await self._writing.acknowledge(taken, letter, wait)


def _open(state: State, contact: str) -> bool:
    """Whether an agent will still see what joins this contact."""
    record = state.contacts.get(contact)
    return record is not None and record.state in ("waiting", "offered", "connected")


def finished(state: State, contact: str) -> bool:
    """Whether nobody will look at it any more."""
    record = state.contacts.get(contact)
    return record is None or record.state in FINISHED or record.state == "wrap_up"


def _wait(state: State, contact: str) -> int:
    """The upper end of the wait from now on, microseconds."""
    record = state.contacts.get(contact)
    return estimate_of(state, record).high if record is not None and record.state == "waiting" else 0
