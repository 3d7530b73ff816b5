"""Letters that joined an open contact which ended before anybody read them become a contact of their own.

So a citizen's second thought is never lost between two clicks of an agent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import structs

from router.core.asking import needs_of, target_of
from router.core.events import Contact
from router.mail.taking import finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.state import State
    from router.door import Door
    from router.log.mail_store import MailStore
    from router.mail.secret import Secret

LOOK_S = 60.0  # also without news: what ended while we were away


class Carrying:
    """`ended` is told of contacts; `run` looks after each, and now and then after all."""

    def __init__(self, door: Door, store: MailStore, secret: Secret, count: Callable[[str], None]) -> None:
        self._door, self._store, self._secret, self._count = door, store, secret, count
        self._news = asyncio.Event()

    def ended(self, contact: str) -> None:
        self._news.set()

    async def run(self) -> None:
        """One look. Raises OSError, Unavailable."""
        for letter, contact in (await self._store.unread()).items():
            await self._look(letter, contact)
        try:
            async with asyncio.timeout(LOOK_S):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()

    async def _look(self, letter: str, contact: str) -> None:
        if not await self._door.read(lambda state: finished(state, contact)):
            return
        thread = await self._store.thread_of(contact)
        if not thread:  # no longer kept
            await self._store.was_read([letter])
            return
        fresh = f"m-{self._secret.name('again', letter)}"
        event = await self._door.read(lambda state: _event(state, contact, fresh))
        result = await self._door.submit(event)
        if result.refusal is None:
            await self._store.carry_over(letter, fresh, thread)
            self._count("carried_over")


def _event(state: State, contact: str, fresh: str) -> Contact:
    """As the one that ended, preferring who had it."""
    policy, old = state.policy, state.contacts.get(contact)
    topic = old.topic if old is not None and old.topic in policy.topics else ""
    language = old.language if old is not None and old.language in policy.languages else ""
    event = Contact(
        fresh,
        "email",
        (needs_of(policy, topic, language),),
        target=target_of(policy, topic),
        topic=topic,
        language=language,
        journey=1,
    )
    if old is None:
        return event
    return structs.replace(event, citizen=old.citizen, prefers=(old.agent,) if old.agent else ())
