"""From the first words of a chat to a contact in line, by the built-in questions.

It can be cut short anywhere: what was answered is read off the messages again, and the same question or the
same contact said twice is one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from router.chat import menu
from router.chat.protocol import Message
from router.chat.room import kept_id
from router.chat.words import word
from router.core.asking import needs_of, target_of
from router.core.events import Contact

if TYPE_CHECKING:
    from router.chat.room import Room
    from router.core.policy import Policy
    from router.door import Door
    from router.log.chat_store import ChatStore


class Asking:
    """`advance` a room whenever its citizen said something, until the core knows its contact."""

    def __init__(self, door: Door, store: ChatStore) -> None:
        self._door, self._store = door, store
        self._turns: dict[str, asyncio.Lock] = {}

    async def advance(self, room: Room) -> None:
        """Raises ConnectionError, Closed, Full or Unavailable: ask again."""
        async with self._turns.setdefault(room.chat, asyncio.Lock()):
            if room.standing.state != "asking":
                self._turns.pop(room.chat, None)
                return
            policy = await self._door.read(lambda state: state.policy)
            about = await self._store.read(room.chat)
            asked = menu.begin(policy, about.get("language", ""), about.get("topic", ""))
            for message in await room.thread.after(0):
                if message.by == "citizen":
                    asked = menu.answer(policy, asked, message.choice, message.text)
            room.language = asked.language or room.language
            question = menu.open_question(policy, asked)
            if question is not None:
                await _ask(room, policy, question, asked)
            else:
                await self._enter_line(room, policy, asked)

    async def _enter_line(self, room: Room, policy: Policy, asked: menu.Asked) -> None:
        await self._store.mark(room.chat, spoken=asked.language)
        await self._door.submit(
            Contact(
                room.chat,
                "chat",
                (needs_of(policy, asked.topic, asked.language),),
                target=target_of(policy, asked.topic),
                citizen=room.citizen,
                topic=asked.topic,
                language=asked.language,
            )
        )


async def _ask(room: Room, policy: Policy, question: menu.Question, asked: menu.Asked) -> None:
    if asked.tries:
        text = word("please_choose", room.language)
    else:
        text = word("which_language" if question == "language" else "which_topic", room.language)
    id = kept_id("guichet", "", f"ask:{question}:{asked.tries}")
    await room.say(Message(0, id, "guichet", 0, text, choices=menu.options(policy, question)))
