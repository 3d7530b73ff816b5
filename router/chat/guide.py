"""A published flow walked in writing: the same one that answers the telephone, shown as lines and choices.

It can be cut short anywhere: how far a chat got is kept under its citizen's key, and what is shown again is
the same message. It decides nothing: the interpreter does.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from config.fault import Faults
from ivr_flows.session import Answered, Choose, Collect, Done, Perform, Session
from ivr_flows.text import lines, understood
from router.chat.protocol import Message, Option
from router.chat.room import kept_id
from router.flows.published import Unpublished
from router.log.errors import LogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.flows import Entry
    from ivr_flows.session import Ask
    from router.chat.room import Room
    from router.chat.rooms import Citizens
    from router.flows.runner import Runner, Running

log = logging.getLogger(__name__)


class Walk(Struct, frozen=True):
    """How far a chat got: every message up to `done` was taken."""

    flow: str
    version: int
    session: Session
    done: int = 0


class Guide:
    """`advance` a chat before it waits, `afterwards` once its conversation is over."""

    def __init__(self, runner: Runner, citizens: Citizens, entries: Mapping[str, Entry]) -> None:
        """`entries`: those of channel chat, by name; the first is the usual one."""
        self._runner, self._citizens, self._entries = runner, citizens, entries
        self._turns: dict[str, asyncio.Lock] = {}

    async def advance(self, room: Room) -> bool | None:
        """Take what the citizen said. None: no flow answers here; True: it is over.

        Raises OSError, Closed, Full or Unavailable: ask again.
        """
        async with self._turns.setdefault(room.chat, asyncio.Lock()):
            walk = await self._walk(room)
            if walk is None:
                walk = await self._start(room)
                if walk is None:
                    return None
            running = await self._running(room, walk)
            for message in await room.thread.after(walk.done):
                if running.ended:
                    break
                if message.by == "citizen" and _waits_for_words(running):
                    pressed = Answered(message.choice) if message.choice else None
                    happened = pressed or understood(running.session.waits_for, message.text)
                    asks = await self._runner.take(running, happened)
                    walk = await self._shown(room, running, asks, message.n)
            return bool(running.ended)

    async def afterwards(self, room: Room) -> bool:
        """The conversation is over: whether the flow goes on with a question. Raises as `advance`."""
        async with self._turns.setdefault(room.chat, asyncio.Lock()):
            walk = await self._walk(room)
            if walk is None or walk.session.ended:
                return False
            running = await self._running(room, walk)
            if _waits_for_agent(running):
                await self._shown(room, running, await self._runner.take(running, Done("next")), room.last)
            return not running.ended and _waits_for_words(running)

    def forget(self, room: Room) -> None:
        self._turns.pop(room.chat, None)

    async def _start(self, room: Room) -> Walk | None:
        name = room.entry if room.entry in self._entries else next(iter(self._entries), None)
        if name is None:
            return None
        entry = self._entries[name]
        known = {"contact": room.chat, "citizen": room.citizen}
        try:
            running, asks = await self._runner.start(
                room.chat, entry.flow, "chat", known, alias=name, draft=entry.draft, language=room.language
            )
        except (Unpublished, Faults, LogError) as fault:
            log.warning("no flow answers a chat: %s", type(fault).__name__, extra={"contact": room.chat})
            return None
        return await self._shown(room, running, asks, 0)

    async def _shown(self, room: Room, running: Running, asks: Iterable[Ask], done: int) -> Walk:
        """Say it, then note how far it got: cut short between them, the same is said under the same ids."""
        asks = list(asks)
        while asks and isinstance(asks[-1], Perform) and asks[-1].service == "transfer":
            asks += await self._runner.take(running, Done("unavailable"))  # nobody dials in writing
        said: list[Message] = []
        for line in lines(asks):
            if line.kind == "say" or not said:
                id = kept_id("guichet", "", f"flow:{done}:{len(said)}")
                said.append(Message(0, id, "guichet", 0, line.text if line.kind == "say" else ""))
            if line.kind == "choice":
                choices = (*said[-1].choices, Option(line.key, line.text))
                said[-1] = msgspec.structs.replace(said[-1], choices=choices)
        for message in said:
            await room.say(message)
        room.language = running.session.language or room.language
        walk = Walk(running.flows.main, running.version, running.session, done)
        await self._citizens.keep(room.citizen, f"walk:{room.chat}", msgspec.msgpack.encode(walk))
        return walk

    async def _walk(self, room: Room) -> Walk | None:
        kept = await self._citizens.kept(room.citizen, f"walk:{room.chat}")
        return None if kept is None else msgspec.msgpack.decode(kept, type=Walk)

    async def _running(self, room: Room, walk: Walk) -> Running:
        known = {"contact": room.chat, "citizen": room.citizen}
        return await self._runner.resume(room.chat, walk.flow, walk.version, walk.session, known)


def _waits_for_words(running: Running) -> bool:
    return isinstance(running.session.waits_for, Choose | Collect)


def _waits_for_agent(running: Running) -> bool:
    waits = running.session.waits_for
    return isinstance(waits, Perform) and waits.service == "wait"
