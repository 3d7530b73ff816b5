"""The chat gateway: from what the core decided to what the two sides see, and back. It decides nothing.

a citizen's socket → Room.say → Asking → a contact on the log → (the core) → `heard` → Room.stand → sockets
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from router.api.watch import named
from router.chat.asking import Asking
from router.chat.desks import Desks
from router.chat.guide import Guide
from router.chat.lapses import Lapses
from router.chat.peer import GOING_AWAY
from router.chat.protocol import Message, Proposed, Standing
from router.chat.room import kept_id
from router.chat.rooms import Rooms, Unreadable
from router.chat.seen import seen
from router.chat.services import Services
from router.chat.words import word
from router.core.effects import Propose
from router.core.events import Choice, Ended, Gone
from router.core.policy import SECOND
from router.door import Unavailable
from router.ending import end
from router.log.chat_store import Closed, Full

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.chat.closing import Action
    from router.chat.room import Room
    from router.chat.rooms import Citizens
    from router.chat.seen import Seen
    from router.chat.settings import ChatSettings
    from router.chat.words import Word
    from router.core.events import Event
    from router.door import Door, Released
    from router.log.chat_store import ChatStore

log = logging.getLogger(__name__)

AGAIN_S = 0.5  # after the store or the log did not answer
TRANSIENT = (OSError, Unavailable)


class ChatGateway:
    """`start`, then the sockets' handlers call it; `stop`."""

    def __init__(
        self,
        door: Door,
        store: ChatStore,
        citizens: Citizens,
        guide: Guide,
        settings: ChatSettings,
        count: Callable[[str], None],
    ) -> None:
        self.door, self.settings, self.count = door, settings, count
        self.rooms = Rooms(store, citizens, door.now, self._opened, settings, count)
        self.desks = Desks(door, self.rooms)
        self.services = Services(self, settings.services)
        self._guide, self._asking = guide, Asking(door, store)
        self._lapses = Lapses(
            settings.patience, door.now, lambda room, action: self._do(self._lapsed(room, action))
        )
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Take up the chats that were open, and listen."""
        self._stop_listening = self.door.listen(self.heard)
        await self._steadily(self.rooms.take_up)
        self._do(self._pump())
        self._do(self._announce())

    async def stop(self) -> None:
        self._stop_listening()
        self._lapses.stop()
        for room in self.rooms:
            room.end(GOING_AWAY)
        self.desks.end()
        await self.services.stop()
        await end(self._tasks)

    def heard(self, released: Released) -> None:
        """The log's listener."""
        for contact in named(released.entry):
            if self.rooms.get(contact) is not None:
                self._dirty.add(contact)
                self._wake.set()
        for effect in released.entry.effects:
            if isinstance(effect, Propose) and (room := self.rooms.get(effect.contact)) is not None:
                ways = {way.channel: (way.low // SECOND, -(-way.high // SECOND)) for way in effect.channels}
                room.tell_citizen(Proposed(ways))

    async def said(self, room: Room) -> None:
        """The citizen said something, or came back: whatever is to be asked of them next."""
        if room.standing.state != "asking":
            return
        over = await self._guide.advance(room)
        if over is None:
            await self._asking.advance(room)
        elif over:
            await self._close(room)

    async def choose(self, room: Room, channel: str, *, yes: bool) -> None:
        """Raises Unavailable."""
        await self.door.submit(Choice(room.chat, channel, "accepted" if yes else "refused"))

    async def leave(self, room: Room) -> None:
        """The citizen closes the chat. Raises Unavailable or ConnectionError."""
        await self._finish(room)

    async def erase(self, chat: str) -> None:
        """Its citizen is erased: it ends, and nobody reads it again. Raises OSError or Unavailable."""
        room = self.rooms.get(chat)
        if room is not None:
            await self._finish(room)
        if room is not None and self.rooms.get(chat) is room:
            await self._close(room)
        await self.rooms.erase(chat)

    def _opened(self, room: Room) -> None:
        self._lapses.watch(room)
        if room.service:
            self.services.deliver(room, room.service, room.delivered)
        self._dirty.add(room.chat)  # the core may know it from before
        self._wake.set()

    async def _finish(self, room: Room) -> None:
        """By what the core makes of it: a chat that it does not know is closed at once."""
        event: Event | None = None
        if room.standing.state == "waiting":
            event = Gone(room.chat)
        elif room.standing.state == "with_agent":
            event = Ended(room.chat)
        if event is not None:
            await self.door.submit(event)
        else:
            await self._close(room)

    async def _lapsed(self, room: Room, action: Action) -> None:
        if action == "warn":
            room.warned()
            await self._write(room, f"warning:{room.last}", "warning")
            return
        if action == "close":
            await self._write(room, "closing", "closed")
        await self._steadily(lambda: self._finish(room))

    async def _close(self, room: Room) -> None:
        await self._write(room, "closing", "ended")
        self._lapses.forget(room)
        self._guide.forget(room)
        room.stand(Standing("closed"), ())
        await self.rooms.close(room)
        self.count("closed")
        room.end(1000)

    async def _pump(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            names, self._dirty = sorted(self._dirty), set()
            try:
                for name, each in await self._seen(names):
                    room = self.rooms.get(name)
                    if room is not None:
                        await self._show(room, each)
            except TRANSIENT:
                self._dirty.update(names)  # telling it again changes nothing
                await asyncio.sleep(AGAIN_S)
                self._wake.set()

    async def _show(self, room: Room, now: Seen | None) -> None:
        if now is None:
            if room.standing.state == "asking":
                await self.said(room)
            else:
                await self._close(room)
            return
        state = now.standing.state
        if state == "closed":
            if now.again and await self._guide.afterwards(room):
                room.stand(Standing("asking"), ())
            else:
                await self._close(room)
            return
        self.desks.call(room, now.agents)
        room.stand(now.standing, now.agents)
        if state == "with_agent":
            await self._write(room, f"joined:{now.turn}", "joined")
        elif now.again:
            await self._write(room, f"transferred:{now.turn}", "transferred")
        else:
            await self._write(room, "waiting", "waiting")

    async def _write(self, room: Room, id: str, what: Word) -> None:
        """Guichet's own words, once for the same id."""
        with contextlib.suppress(Closed, Full):
            await room.say(Message(0, kept_id("guichet", "", id), "guichet", 0, word(what, room.language)))

    async def _announce(self) -> None:
        """Those who wait hear how it stands: others before them were served."""
        while True:
            await asyncio.sleep(self.settings.announce_s)
            names = [room.chat for room in self.rooms if room.standing.state == "waiting" and room.citizens]
            with contextlib.suppress(Unavailable):
                for name, now in await self._seen(names):
                    room = self.rooms.get(name)
                    if room is not None and now is not None and now.standing.state == "waiting":
                        room.stand(now.standing, now.agents)

    async def _seen(self, names: list[str]) -> list[tuple[str, Seen | None]]:
        """How these stand. Raises Unavailable."""
        return await self.door.read(lambda state: [(name, seen(state, name)) for name in names])

    async def _steadily(self, what: Callable[[], Awaitable[None]]) -> None:
        """Until store and log have taken it."""
        while True:
            try:
                await what()
            except Unreadable:
                return
            except TRANSIENT:
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def _do(self, work: Awaitable[None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a chat's work failed")
