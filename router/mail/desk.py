"""What an agent does with a contact that came by mail: read its thread, write a draft, answer. No HTTP here.

Who may do it is asked by whoever calls; what is personal leaves only by what these methods return.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from router.mail.sealing import Lost
from router.mail.wording import filled

if TYPE_CHECKING:
    from router.log.mail_store import MailStore
    from router.mail.kept import Kept
    from router.mail.papers import Papers
    from router.mail.sealing import Threads
    from router.mail.secret import Secret
    from router.mail.settings import MailSettings
    from router.mail.writing import Writing


SHOWN = 200  # letters of a thread, the newest


class NoLetter(Exception):
    """The contact did not come by mail, or there is no such attachment."""


class Thread(Struct, frozen=True):
    """Everything that was written about a matter, with whom, and what an agent has begun to answer."""

    reference: str
    address: str
    name: str
    language: str
    letters: tuple[Kept, ...]
    draft: str

    def __repr__(self) -> str:
        return f"Thread({len(self.letters)} letters)"


class Answers(Protocol):
    """Where the citizen's journey is written."""

    async def answered(self, citizen: str, contact: str, agent: str) -> None:
        """The contact's question is no longer open. Raises OSError."""
        ...


class Canned(Struct, frozen=True):
    """A prepared answer with its variables filled in."""

    name: str
    text: str


class Desk:
    """Raises NoLetter; Lost where what was kept is gone; OSError where it cannot be read now."""

    def __init__(
        self,
        settings: MailSettings,
        store: MailStore,
        secret: Secret,
        threads: Threads,
        papers: Papers,
        writing: Writing,
        citizens: Answers,
        names: dict[str, str],
    ) -> None:
        self._settings, self._store, self._secret = settings, store, secret
        self._threads, self._papers, self._writing, self._citizens = threads, papers, writing, citizens
        self._names = names  # of agents, as citizens may read them

    async def thread(self, contact: str) -> Thread:
        """Reading it is having seen it: what joined the contact meanwhile no longer waits to be read."""
        thread = await self._thread(contact)
        seal, with_whom = await self._threads.open(thread)
        letters = await self._writing.read(thread, seal)
        sealed = await self._store.drafted(contact)
        draft = seal.open(f"draft-{contact}", sealed).decode() if sealed is not None else ""
        await self._store.was_read([each.letter for each in letters if each.direction == "in"])
        return Thread(
            f"G-{self._secret.reference(thread)}",
            with_whom["address"],
            with_whom.get("name", ""),
            with_whom.get("language", ""),
            tuple(letters[-SHOWN:]),
            draft,
        )

    async def attachment(self, contact: str, letter: str, number: int) -> tuple[str, str, bytes]:
        """Name, type and content: bytes to be saved, never to be shown as what they say they are."""
        thread = await self._thread(contact)
        seal, _ = await self._threads.open(thread)
        for each in await self._writing.read(thread, seal):
            if each.letter == letter and number < len(each.papers) and each.papers[number].paper:
                paper = each.papers[number]
                try:
                    return (
                        paper.name,
                        paper.type,
                        await asyncio.to_thread(self._papers.get, paper.paper, seal),
                    )
                except FileNotFoundError:
                    raise Lost("the attachment is no longer kept") from None
        raise NoLetter("there is no such attachment, or it was too large and is in the mailbox only")

    async def draft(self, contact: str, text: str) -> None:
        """In place of what was there; empty: none."""
        seal, _ = await self._threads.open(await self._thread(contact))
        await self._store.draft(contact, seal.close(f"draft-{contact}", text.encode()) if text else None)

    async def canned(self, contact: str, agent: str) -> list[Canned]:
        """In the thread's language, else in the first one there is."""
        thread = await self._thread(contact)
        _, with_whom = await self._threads.open(thread)
        variables = {
            "reference": f"G-{self._secret.reference(thread)}",
            "office": self._settings.name,
            "name": with_whom.get("name", ""),
            "agent": self._names.get(agent, agent),
        }
        texts = ((name, by.get(with_whom.get("language", "")) or next(iter(by.values()), "")) for name, by in
                 self._settings.canned.items())  # fmt: skip
        return [Canned(name, filled(text, variables)) for name, text in texts]

    async def answer(self, contact: str, agent: str, text: str, key: str) -> bool:
        """Into the line to be sent; False: this was done before. Durable when it returns."""
        thread = await self._thread(contact)
        fresh = await self._writing.answer(thread, contact, agent, text, key)
        _, with_whom = await self._threads.open(thread)
        await self._citizens.answered(with_whom["citizen"], contact, agent)
        return fresh

    async def _thread(self, contact: str) -> str:
        thread = await self._store.thread_of(contact)
        if not thread:
            raise NoLetter("this contact did not come by mail, or its letters are no longer kept")
        return thread
