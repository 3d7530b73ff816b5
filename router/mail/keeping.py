"""Everything of a letter into safety, before anybody hears of it: sealed text in Redis, attachments in files.

The key of a thread is in the vault, sealed with its citizen's: erasing them closes all of it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from router.mail.desk import Answers
from router.mail.kept import Paper, kept_of, packed

if TYPE_CHECKING:
    from router.log.mail_store import MailStore, Taken
    from router.mail.letter import Letter
    from router.mail.papers import Papers
    from router.mail.sealing import Seal, Threads
    from router.mail.secret import Secret

COARSE = 60 * 1_000_000  # microseconds: a server's time of arrival is whole seconds, and another clock's


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


class Keeping:
    """`keep` one letter: whole or not at all, and as often as you like."""

    def __init__(
        self, store: MailStore, secret: Secret, threads: Threads, papers: Papers, citizens: Citizens
    ) -> None:
        self._store, self._secret, self._threads = store, secret, threads
        self._papers, self._citizens = papers, citizens

    async def keep(
        self, letter: Letter, name: str, taken: Taken, claims: str, language: str, came: int, now: int
    ) -> None:
        """Raises OSError, Lost."""
        fresh = taken.thread == taken.contact and taken.kind == "contact"
        if fresh:
            with_whom = {
                "address": letter.reply_to.address,
                "name": letter.reply_to.name,
                "language": language,
                "citizen": await self._citizens.met(letter),
            }
            seal, record = self._threads.begin(with_whom)
        else:
            seal, with_whom = await self._threads.open(taken.thread)
            record = self._threads.record(seal, with_whom)
        await self._citizens.keep(with_whom["citizen"], letter, self._threads.name(taken.thread), record)
        papers = tuple([await self._paper(letter, name, at, seal) for at in range(len(letter.attached))])
        kept = kept_of(letter, name, taken.contact, _at(came, now), claims, papers)
        await self._store.keep(
            name,
            taken,
            seal.close(name, packed(kept)),
            message_id=self._secret.name("id", letter.message_id) if letter.message_id else "",
            senders=[self._secret.name("address", each) for each in _known(letter, fresh)],
            reference=self._secret.reference(taken.thread),
        )

    async def _paper(self, letter: Letter, name: str, at: int, seal: Seal) -> Paper:
        attached = letter.attached[at]
        if attached.data is None:
            return Paper(attached.name, attached.type, attached.size, "")
        paper = self._secret.name("paper", name, str(at))
        await asyncio.to_thread(self._papers.put, paper, attached.data, seal)
        return Paper(attached.name, attached.type, attached.size, paper)


def _known(letter: Letter, fresh: bool) -> list[str]:
    """Addresses that are of the thread from now on: those of its first letter, never a machine's."""
    if letter.automatic and not fresh:
        return []
    return [letter.sender.address, *([letter.reply_to.address] if fresh else [])]


def _at(came: int, now: int) -> int:
    """When it came, unless that is too coarse to tell whether it was before our last answer."""
    return came if 0 < came < now - COARSE else now
