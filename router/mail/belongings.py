"""What the mail gateway keeps of a citizen: theirs to have, and gone when they are erased.

What lies in Redis and in files opens with the thread's key, which is in the vault under theirs. The mailbox
holds their letters as they came: from there they are deleted.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import msgspec

from router.mail.link import Link
from router.mail.link import Lost as Away
from router.mail.sealing import Lost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from citizens.elsewhere import Theirs
    from router.log.mail_store import MailStore
    from router.mail.kept import Kept, Paper
    from router.mail.papers import Papers
    from router.mail.sealing import Seal, Threads
    from router.mail.settings import ImapSettings
    from router.mail.writing import Writing


class Belongings:
    """`citizens.elsewhere.Elsewhere`."""

    def __init__(
        self, store: MailStore, threads: Threads, papers: Papers, writing: Writing, mailbox: ImapSettings
    ) -> None:
        self._store, self._threads, self._papers = store, threads, papers
        self._writing, self._mailbox = writing, mailbox

    def owns(self, name: str) -> bool:
        return name.startswith(self._threads.name(""))

    async def export(self, theirs: Theirs) -> dict[str, Any]:
        return {"letters": [await self._whole(*each) async for each in self._letters(theirs)]}

    async def erased(self, theirs: Theirs) -> None:
        letters = [kept async for kept, _ in self._letters(theirs)]
        ids = [kept.message_id for kept in letters if kept.direction == "in" and kept.message_id]
        if not ids:
            return
        link = Link(self._mailbox)
        try:
            await link.open()
            await link.delete(ids)
        except Away as fault:
            raise ConnectionError(f"the mailbox that holds letters of theirs is away: {fault.code}") from None
        finally:
            link.stop()

    async def _letters(self, theirs: Theirs) -> AsyncIterator[tuple[Kept, Seal]]:
        found = [await self._store.thread_of(contact) for contact in theirs.contacts]
        for thread in sorted(set(found) - {""}):
            try:
                seal, with_whom = await self._threads.open(thread)
            except Lost:
                continue
            if with_whom["citizen"] in theirs.citizens:
                for kept in await self._writing.read(thread, seal):
                    yield kept, seal

    async def _whole(self, kept: Kept, seal: Seal) -> dict[str, Any]:
        whole: dict[str, Any] = msgspec.to_builtins(kept)
        return whole | {"papers": [await self._paper(each, seal) for each in kept.papers]}

    async def _paper(self, paper: Paper, seal: Seal) -> dict[str, Any]:
        """`content` None: too large to be kept here, or kept no longer."""
        content = None
        if paper.paper:
            try:
                data = await asyncio.to_thread(self._papers.get, paper.paper, seal)
                content = base64.b64encode(data).decode()
            except (FileNotFoundError, Lost):
                pass
        return {"name": paper.name, "type": paper.type, "size": paper.size, "content": content}
