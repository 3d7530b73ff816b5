"""Chats in Redis: what each is, and its messages in order, sealed by whoever keeps them here.

It never sees a text. A chat's keys share a hash tag; the way from a client's key to its chat is apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, cast

from router.log.errors import LogError
from router.log.line import Line
from router.log.script import Script, command

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from router.log.types import Reply

MOST, MOST_FILES = 5_000, 10  # of one chat
OPEN = "chats:open"


class Closed(Exception):
    """The chat takes no more messages."""


class Full(Exception):
    """The chat has as many messages as one may have."""


class Said(NamedTuple):
    """The number a message has, and whether it got it just now."""

    n: int
    fresh: bool


class ChatStore:
    """Every method raises ConnectionError where Redis does not answer; the same may be asked again."""

    def __init__(self, redis: Redis) -> None:
        self._line = Line(redis)
        self._say, self._close, self._attach = Script("chat_say"), Script("chat_close"), Script("chat_attach")

    async def open(self, key: str, chat: str, about: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The chat this client's key leads to and what it is; `chat`, made now, if there is none.

        Cut short anywhere and repeated, it comes to the same: the first id that the key got stands.
        """
        with _reached():
            way = _way(key)
            if not await command(self._line, "SET", way, chat, "NX"):
                chat = cast("bytes", await command(self._line, "GET", way)).decode()
            found = await self._read(chat)
            if not found:
                pairs = [word for pair in {**about, "state": "open", "way": way}.items() for word in pair]
                await command(self._line, "SADD", OPEN, chat)
                await command(self._line, "HSET", f"chat:{{{chat}}}", *pairs)
                found = await self._read(chat)
            return chat, found

    async def known(self, key: str) -> str | None:
        """The chat this key leads to, if any."""
        with _reached():
            found = await command(self._line, "GET", _way(key))
        return None if found is None else cast("bytes", found).decode()

    async def read(self, chat: str) -> dict[str, str]:
        """What is known of the chat; nothing if it is not known."""
        with _reached():
            return await self._read(chat)

    async def mark(self, chat: str, **about: str | int) -> None:
        """Note more of what a chat is."""
        with _reached():
            pairs = [word for pair in about.items() for word in pair]
            await command(self._line, "HSET", f"chat:{{{chat}}}", *pairs)

    async def again(self, chat: str, what: str) -> int:
        """Counted once more: how often by now."""
        with _reached():
            return int(await command(self._line, "HINCRBY", f"chat:{{{chat}}}", what, 1))

    async def open_ones(self) -> list[str]:
        """Every chat that is not closed."""
        with _reached():
            found = await command(self._line, "SMEMBERS", OPEN)
        return sorted(name.decode() for name in cast("list[bytes]", found))

    async def say(self, chat: str, id: str, sealed: bytes) -> Said:
        """Append, once per `id`. Raises Closed or Full."""
        with _reached():
            reply = await self._say.run(self._line, _keys(chat)[:3], id, sealed, MOST)
        _taken(reply)
        return Said(int(reply[1]), reply[0] == b"OK")

    async def attach(self, chat: str, id: str, sealed: bytes) -> None:
        """Keep a file with the chat. Raises Closed or Full."""
        here, _, _, files = _keys(chat)
        with _reached():
            reply = await self._attach.run(self._line, (here, files), id, sealed, MOST_FILES)
        _taken(reply)

    async def attachment(self, chat: str, id: str) -> bytes | None:
        """A file that was kept with the chat."""
        with _reached():
            found = await command(self._line, "HGET", _keys(chat)[3], id)
        return cast("bytes | None", found)

    async def attachments(self, chat: str) -> list[str]:
        """The ids of all files that were kept with the chat."""
        with _reached():
            found = await command(self._line, "HKEYS", _keys(chat)[3])
        return [name.decode() for name in cast("list[bytes]", found)]

    async def number(self, chat: str, id: str) -> int | None:
        """The number of a message by its id."""
        with _reached():
            found = await command(self._line, "HGET", _keys(chat)[2], id)
        return None if found is None else int(found)

    async def count(self, chat: str) -> int:
        """How many messages it has."""
        with _reached():
            return int(await command(self._line, "LLEN", _keys(chat)[1]))

    async def messages(self, chat: str, after: int, count: int) -> Sequence[bytes]:
        """The sealed messages that follow the one of number `after`, in order."""
        with _reached():
            found = await command(self._line, "LRANGE", _keys(chat)[1], after, after + count - 1)
        return cast("list[bytes]", found)

    async def close(self, chat: str, kept_s: int) -> None:
        """No more messages; everything of it is deleted in so many seconds. Repeating it changes nothing."""
        with _reached():
            way = await command(self._line, "HGET", f"chat:{{{chat}}}", "way")
            await self._close.run(self._line, _keys(chat), kept_s)
            if way is not None:
                service = await command(self._line, "HGET", f"chat:{{{chat}}}", "service")
                # A handle of a messaging service begins another chat next time; a client knows another key.
                await command(self._line, "EXPIRE", way, 0 if service else kept_s)
            await command(self._line, "SREM", OPEN, chat)

    async def erase(self, chat: str) -> None:
        """Delete everything of it now, and the way that leads to it."""
        with _reached():
            way = await command(self._line, "HGET", f"chat:{{{chat}}}", "way")
            if way is not None:
                await command(self._line, "DEL", way)
            await command(self._line, "DEL", *_keys(chat))
            await command(self._line, "SREM", OPEN, chat)

    async def _read(self, chat: str) -> dict[str, str]:
        flat = cast(
            "Mapping[bytes, bytes] | list[bytes]", await command(self._line, "HGETALL", f"chat:{{{chat}}}")
        )
        pairs = flat.items() if isinstance(flat, Mapping) else zip(flat[::2], flat[1::2], strict=True)
        return {name.decode(): value.decode() for name, value in pairs}


def _way(key: str) -> str:
    """Where it stands to which chat a client's key leads: the key itself is nowhere."""
    return f"chat-key:{sha256(key.encode()).hexdigest()}"


def _keys(chat: str) -> tuple[str, str, str, str]:
    """What it is; its messages; the number of each message by its id; its files."""
    tag = f"chat:{{{chat}}}"
    return tag, f"{tag}:messages", f"{tag}:said", f"{tag}:files"


def _taken(reply: Reply) -> None:
    if reply[0] == b"CLOSED":
        raise Closed
    if reply[0] == b"FULL":
        raise Full


@contextmanager
def _reached() -> Iterator[None]:
    """Redis's own errors as one that a gateway can know."""
    try:
        yield
    except LogError as fault:
        raise ConnectionError(f"the chats' store does not answer: {fault}") from fault
