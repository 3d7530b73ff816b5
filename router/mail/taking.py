"""One letter into the log: read, placed in its thread, kept sealed, then told to the core, then acknowledged.

Each step may be repeated and changes nothing then, for all names come from the letter itself. A kill between
two of them costs a repetition: never a letter, never a second contact.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Literal, Protocol

from router.core.asking import needs_of, target_of
from router.core.estimate import estimate_of
from router.core.events import Contact
from router.core.lifecycle import FINISHED
from router.log.mail_store import Taken
from router.mail.deadline import working_deadline
from router.mail.desk import Answers
from router.mail.kept import Kept, Paper, kept_of, packed
from router.mail.place import Candidate, place
from router.mail.read import read
from router.mail.sealing import Lost
from router.mail.secret import referred

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.state import State
    from router.door import Door
    from router.log.mail_store import MailStore
    from router.mail.letter import Letter
    from router.mail.papers import Papers
    from router.mail.place import Placed
    from router.mail.sealing import Seal, Threads
    from router.mail.secret import Secret
    from router.mail.settings import MailSettings
    from router.mail.tongue import Tongue
    from router.mail.topics import Topics
    from router.mail.writing import Writing

log = logging.getLogger(__name__)

LARGE = 20_000  # bytes from which reading is done in a thread
LATEST = 30 * 86_400_000_000  # microseconds: a letter is not older than this, whatever its server says

COARSE = 60 * 1_000_000

Filed = Literal["taken", "automatic"]


class Citizens(Answers, Protocol):
    """Who wrote, and where what is known of them is kept."""

    async def met(self, letter: Letter) -> str:
        """Their pseudonym. Raises OSError."""
        ...

    async def keep(self, citizen: str, letter: Letter, name: str, record: dict[str, Any]) -> None:
        """In the vault under this name, sealed with their key. Raises OSError."""
        ...

    async def asked(self, citizen: str, contact: str, topic: str, at: int) -> None:
        """A question is open in their journey until somebody answers. Raises OSError."""
        ...


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
        papers: Papers,
        citizens: Citizens,
        writing: Writing,
        topics: Topics,
        tongue: Tongue,
        count: Callable[[str], None],
    ) -> None:
        self._door, self._settings, self._store, self._secret = door, settings, store, secret
        self._threads, self._papers, self._citizens, self._writing = threads, papers, citizens, writing
        self._topics, self._tongue, self._count = topics, tongue, count
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
        named = [*letter.references[:10], *([letter.bounce.about] if letter.bounce else [])]
        known = await self._store.know(
            name, [self._secret.name("id", each) for each in named], referred(letter.subject)
        )
        if known.taken is not None and known.taken.done:
            self._count("again")
            return "taken"
        taken, claims = known.taken, ""
        if taken is None:
            candidates = await self._candidates(letter, known.threads, known.referred)
            placed = place(letter, candidates)
            if placed.kind == "nobody":
                self._count("loop_stopped")
                return "automatic"
            taken, claims = self._taken(name, placed), placed.claims
            await self._keep(letter, name, taken, claims, came)
        if taken.kind == "contact":
            await self._ask(letter, name, taken, came)
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

    async def _keep(self, letter: Letter, name: str, taken: Taken, claims: str, came: int) -> None:
        """Everything of the letter, before anybody hears of it."""
        fresh = taken.thread == taken.contact and taken.kind == "contact"
        if fresh:
            language, _ = self._language(letter)
            answer_to = letter.reply_to
            with_whom = {
                "address": answer_to.address,
                "name": answer_to.name,
                "language": language,
                "citizen": await self._citizens.met(letter),
            }
            seal, record = self._threads.begin(with_whom)
        else:
            seal, with_whom = await self._threads.open(taken.thread)
            record = self._threads.record(seal, with_whom)
        await self._citizens.keep(with_whom["citizen"], letter, self._threads.name(taken.thread), record)
        papers = tuple([await self._paper(letter, name, at, seal) for at in range(len(letter.attached))])
        kept = kept_of(letter, name, taken.contact, _at(came, self._door.now()), claims, papers)
        await self._store.keep(
            name,
            taken,
            seal.close(name, packed(kept)),
            message_id=self._secret.name("id", letter.message_id) if letter.message_id else "",
            senders=[
                self._secret.name("address", each.address)
                for each in (letter.sender, *([letter.reply_to] if fresh else []))
            ],
            reference=self._secret.reference(taken.thread),
        )

    async def _paper(self, letter: Letter, name: str, at: int, seal: Seal) -> Paper:
        attached = letter.attached[at]
        if attached.data is None:
            return Paper(attached.name, attached.type, attached.size, "")
        paper = self._secret.name("paper", name, str(at))
        await asyncio.to_thread(self._papers.put, paper, attached.data, seal)
        return Paper(attached.name, attached.type, attached.size, paper)

    async def _ask(self, letter: Letter, name: str, taken: Taken, came: int) -> None:
        """A contact on the log, and the acknowledgement in the line."""
        record = {"address": letter.sender.address, "name": letter.sender.name, "subject": letter.subject}
        _, with_whom = await self._threads.open(taken.thread)
        citizen = with_whom["citizen"]
        await self._citizens.keep(citizen, letter, taken.contact, record)
        topic, language = self._topic(letter), self._language(letter)[0]
        event = await self._door.read(
            lambda state: self._event(state, letter, taken, citizen, topic, language, came)
        )
        result = await self._door.submit(event)
        if result.refusal is not None:
            raise Refused(result.refusal.code)
        await self._citizens.asked(citizen, taken.contact, event.topic, came or self._door.now())
        if letter.automatic or not letter.reply_to.address or not self._settings.acknowledge:
            self._count("not_acknowledged")
            return
        wait = await self._door.read(lambda state: _wait(state, taken.contact))
        await self._writing.acknowledge(taken, letter, wait)

    def _event(
        self,
        state: State,
        letter: Letter,
        taken: Taken,
        citizen: str | None,
        topic: str,
        language: str,
        came: int,
    ) -> Contact:
        policy, now = state.policy, self._door.now()
        topic = next((each for each in (topic, self._settings.sorting) if each in policy.topics), "")
        language = language if language in policy.languages else ""
        waited = min(max(now - came, 0), LATEST) if came else 0
        days = self._settings.working_days
        due = working_deadline(self._settings.hours, now - waited, days) - now + waited if days else None
        return Contact(
            taken.contact,
            "email",
            (needs_of(policy, topic, language),),
            target=target_of(policy, topic),
            due=due,
            waited=waited,
            citizen=citizen,
            topic=topic,
            language=language,
            journey=0 if taken.thread == taken.contact else 1,
        )

    def _topic(self, letter: Letter) -> str:
        """Empty: nobody is sure of it, and a person sorts."""
        topic, sure = self._topics.of(f"{letter.subject}\n{letter.text}")
        certain = sure >= self._settings.topic_sure
        self._count("sorted" if certain else "unsorted")
        return topic if certain else ""

    def _language(self, letter: Letter) -> tuple[str, float]:
        language, sure = self._tongue.of(f"{letter.subject}\n{letter.text}")
        if sure >= self._settings.language_sure:
            return language, sure
        return next(iter(self._settings.languages), ""), sure


def _at(came: int, now: int) -> int:
    """When it came. A server's seconds are too coarse to tell whether that was before our last answer."""
    return came if 0 < came < now - COARSE else now


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


__all__ = ["Citizens", "Filed", "Kept", "Refused", "Taking", "finished"]
