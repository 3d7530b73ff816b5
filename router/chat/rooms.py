"""Every open chat of this process: made for a newcomer, found for who comes back, taken up at a start."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Protocol

from router.chat.room import Room
from router.chat.thread import KEY, Thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from citizens.claim import Claim
    from citizens.met import Met
    from router.chat.protocol import Hello
    from router.chat.settings import ChatSettings
    from router.log.chat_store import ChatStore


class Citizens(Protocol):
    """Of `citizens.register.Register`, what a chat needs. Raises OSError where it cannot be asked."""

    async def meet(
        self, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = ...,
    ) -> Met: ...  # fmt: skip

    async def keep(self, citizen: str, name: str, value: bytes) -> None: ...

    async def kept(self, citizen: str, name: str) -> bytes | None: ...


class TooMany(Exception):
    """As many chats are open as may be."""


class Unreadable(Exception):
    """The key of this chat is gone: its citizen was erased."""


class Rooms:
    """By chat, which is also the contact's name."""

    def __init__(
        self, store: ChatStore, citizens: Citizens, now: Callable[[], int], opened: Callable[[Room], None],
        settings: ChatSettings, count: Callable[[str], None] = lambda what: None,
    ) -> None:  # fmt: skip
        self._store, self._citizens, self._now, self._opened = store, citizens, now, opened
        self._count = count
        self._settings = settings
        self._rooms: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def get(self, chat: str) -> Room | None:
        return self._rooms.get(chat)

    async def known(self, key: str) -> str | None:
        """The chat this key leads to, open or closed. Raises ConnectionError."""
        return await self._store.known(key)

    async def take_up(self) -> None:
        """Every chat that was open when another process ended."""
        for chat in await self._store.open_ones():
            await self.find(chat)

    async def enter(
        self, hello: Hello, claims: Sequence[Claim] = (), *, service: str = "", handle: str = ""
    ) -> Room | None:
        """The chat that this key opens; None: it is closed. Raises TooMany, Unreadable or OSError.

        `service`: the messaging service it comes by; `handle`: the citizen's name there.
        """
        chat = await self._store.known(hello.key)
        if chat is None:
            if len(self._rooms) >= self._settings.most:
                raise TooMany
            chat = await self._begin(hello, claims, service, handle)
        return await self.find(chat)

    async def find(self, chat: str) -> Room | None:
        """The open chat of this name; None: there is none. Raises Unreadable or OSError."""
        room = self._rooms.get(chat)
        if room is not None:
            return room
        about = await self._store.read(chat)
        if about.get("state") != "open":
            return None
        room = await self._make(chat, about)
        here = self._rooms.setdefault(chat, room)  # another may have been quicker
        if here is room:
            self._opened(room)
        return here

    async def close(self, room: Room) -> None:
        """For good. Raises ConnectionError."""
        await self._store.close(room.chat, self._settings.kept_s)
        self._rooms.pop(room.chat, None)

    async def erase(self, chat: str) -> None:
        """Nothing of it is kept from now on. Raises ConnectionError."""
        await self._store.erase(chat)
        self._rooms.pop(chat, None)

    async def thread(self, chat: str) -> Thread | None:
        """The messages of a chat, open or closed; None: not kept (any more). Raises OSError or Unreadable."""
        about = await self._store.read(chat)
        return (await self._thread(chat, about["citizen"]))[0] if about else None

    async def delivered(self, room: Room, n: int) -> None:
        """The service has every message up to this one. Raises ConnectionError."""
        await self._store.mark(room.chat, delivered=n)

    async def mailed(self, chat: str) -> int:
        """Once more it is to be mailed: how often, this time too. Raises ConnectionError."""
        return await self._store.again(chat, "mailed")

    async def language(self, chat: str) -> str:
        """That it is held in. Raises ConnectionError."""
        about = await self._store.read(chat)
        return about.get("spoken") or about.get("language", "")

    async def _begin(self, hello: Hello, claims: Sequence[Claim], service: str, handle: str) -> str:
        chat = f"ch-{secrets.token_hex(8)}"
        said = {"email": hello.email, "phone": hello.phone, "handle": handle}
        record = {kind: value for kind, value in said.items() if value}
        met = await self._citizens.meet(claims, "chat", chat, record, self._settings.kept_s)
        # The handle is personal: it is kept where the key is, sealed.
        sealed = Thread.new_key() + handle.encode("utf-8", "backslashreplace")
        await self._citizens.keep(met.citizen, f"chat:{chat}", sealed)
        about = {
            "citizen": met.citizen,
            "language": hello.language,
            "topic": hello.topic,
            "entry": hello.entry,
            "service": service,
        }
        found, _ = await self._store.open(hello.key, chat, about)
        if found == chat:
            self._count("opened")
        return found

    async def _make(self, chat: str, about: dict[str, str]) -> Room:
        thread, handle = await self._thread(chat, about["citizen"])
        last = await self._store.count(chat)
        latest = await thread.after(last - 1, 1) if last else []
        room = Room(chat, about["citizen"], about.get("spoken") or about["language"], thread, last, self._now)
        room.count = self._count
        room.entry = about.get("entry", "")
        room.service, room.handle, room.delivered = (
            about.get("service", ""),
            handle,
            int(about.get("delivered", 0)),
        )
        for message in latest:
            room.recall(message)
        return room

    async def _thread(self, chat: str, citizen: str) -> tuple[Thread, str]:
        key = await self._citizens.kept(citizen, f"chat:{chat}")
        if key is None:
            raise Unreadable(chat)
        return Thread(chat, key[:KEY], self._store), key[KEY:].decode()
