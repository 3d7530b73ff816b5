"""Letters of ours into the line of those to be sent: composed once, sealed, ids fixed before any try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.log.mail_store import Due
from router.mail.compose import again, compose
from router.mail.delay import by_when, said
from router.mail.kept import Kept, packed, unpacked
from router.mail.letter import Address
from router.mail.wording import filled, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.log.mail_store import MailStore, Taken
    from router.mail.letter import Letter
    from router.mail.sealing import Seal, Threads
    from router.mail.secret import Secret
    from router.mail.settings import MailSettings

DAY_S = 86_400


class Writing:
    """`woken` is called when there is something to send; `count` hears what is worth counting."""

    def __init__(
        self,
        settings: MailSettings,
        store: MailStore,
        secret: Secret,
        threads: Threads,
        now: Callable[[], int],
        woken: Callable[[], None],
        count: Callable[[str], None],
    ) -> None:
        self._settings, self._store, self._secret, self._threads = settings, store, secret, threads
        self._now, self._woken, self._count = now, woken, count
        self._own = Address(settings.address, settings.name)
        self._domain = settings.address.rpartition("@")[2]

    async def acknowledge(self, taken: Taken, letter: Letter, wait: int) -> None:
        """That it came, its number, and an honest day; not more than so often to one sender."""
        who = self._secret.name("address", letter.reply_to.address)
        if await self._store.answered(who, DAY_S) > self._settings.acknowledgements:
            self._count("loop_stopped")
            return
        day = by_when(self._settings.hours, self._now(), wait)
        await self._automatic(taken.thread, taken.contact, "received", "subject", letter.message_id, day)

    async def refuse(self, thread: str, contact: str) -> None:
        """A limit turned the contact away: its citizen is told so."""
        await self._automatic(thread, contact, "refused", "refused_subject", "", None)

    async def answer(self, thread: str, contact: str, agent: str, words: str, key: str) -> bool:
        """An agent's answer to the whole thread's citizen; False: it was given before under this key."""
        seal, with_whom = await self._threads.open(thread)
        letters = await self.read(thread, seal)
        came = [each for each in letters if each.direction == "in" and each.message_id]
        subject = next((each.subject for each in letters if each.direction == "in"), "")
        reference, name = self._secret.reference(thread), self._secret.name("answer", contact, key)
        message_id, at = f"<{name}@{self._domain}>", self._now()
        raw = compose(
            self._own,
            Address(with_whom["address"], with_whom.get("name", "")),
            again(subject, reference),
            words,
            message_id,
            at,
            [each.message_id for each in came],
        )
        kept = Kept(
            name,
            "out",
            at,
            contact,
            words,
            subject=subject,
            message_id=message_id,
            agent=agent,
            state="sending",
        )
        due = Due(name, contact, thread, seal.close(name, raw), 0, at)
        copy = seal.close(name, packed(kept))
        fresh = await self._store.send(due, self._secret.name("id", message_id), "answer", copy, at)
        await self._store.draft(contact, None)
        self._woken()
        return fresh

    async def read(self, thread: str, seal: Seal) -> list[Kept]:
        """Everything of the thread in order."""
        sealed = await self._store.letters(thread)
        return sorted(
            (unpacked(seal.open(name, data)) for name, data in sealed.items()),
            key=lambda each: (each.at, each.letter),
        )

    async def became(self, due: Due, state: str) -> None:
        """Written beside an answer: `sent` or `failed`. An acknowledgement is not kept in the thread."""
        sealed = (await self._store.letters(due.thread)).get(due.id)
        if sealed is not None:
            seal, _ = await self._threads.open(due.thread)
            kept = unpacked(seal.open(due.id, sealed))
            changed = Kept(
                **({name: getattr(kept, name) for name in kept.__struct_fields__} | {"state": state})
            )
            await self._store.mark(due.thread, due.id, seal.close(due.id, packed(changed)))

    async def _automatic(
        self, thread: str, contact: str, which: str, about: str, answers: str, day: object
    ) -> None:
        seal, with_whom = await self._threads.open(thread)
        language, own = with_whom.get("language", ""), self._settings.texts
        delay = text("delay", language, own) if day is not None else text("no_delay", language, own)
        reference = f"G-{self._secret.reference(thread)}"
        variables = {"reference": reference, "office": self._settings.name}
        if day is not None:
            variables["day"] = said(day, language)  # type: ignore[arg-type]
        words = filled(text(which, language, own), variables | {"delay": filled(delay, variables)})
        name = self._secret.name(which, contact)
        message_id = f"<{name}@{self._domain}>"
        subject = f"{text(about, language, own)} [{reference}]"
        to, at = Address(with_whom["address"], with_whom.get("name", "")), self._now()
        raw = compose(
            self._own, to, subject, words, message_id, at, [answers] if answers else [], automatic=True
        )
        due = Due(name, contact, thread, seal.close(name, raw), 0, at)
        fresh = await self._store.send(due, self._secret.name("id", message_id), "ack", None, at)
        if fresh:
            self._count("acknowledged" if which == "received" else "refused")
        self._woken()
