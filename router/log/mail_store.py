"""What the mail gateway remembers, in Redis beside the log and never in it: pseudonyms and sealed bytes only.

A letter is kept whole or not at all (one script), and what is repeated changes nothing. Names are keyed
hashes: no address, subject or Message-ID can be read from a key. Raises ConnectionError without Redis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.log.errors import LogError
from router.log.script import Script, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.log.types import Reply, Sender, Word

Words = tuple["Word", ...]


class Taken(Struct, frozen=True):
    """A letter that was kept: in which thread, as which contact, as what. `done`: nothing is left to do."""

    thread: str
    contact: str
    kind: str  # contact, follow, noted
    done: bool


class Known(Struct, frozen=True):
    """What is known beside a letter: itself, the threads of the ids it names, the thread of its reference."""

    taken: Taken | None
    threads: tuple[tuple[str, str], ...]  # thread and kind (`in`, `ack`, `answer`) of the letter named
    referred: str


class Due(Struct, frozen=True):
    """A letter of ours that is due to be sent."""

    id: str
    contact: str
    thread: str
    sealed: bytes
    tries: int
    since: int  # microseconds: when it was first to be sent


class MailStore:
    """One pool's memory of letters. Everything expires `ttl_s` after it was last touched."""

    def __init__(self, redis: Sender, pool: str, ttl_s: int) -> None:
        self._redis = redis
        self._at = f"mail:{{{pool}}}:"
        self._ttl = ttl_s
        self._together, self._claim = Script("together"), Script("mail_claim")

    # ---- letters that came

    async def know(self, letter: str, ids: Sequence[str], reference: str) -> Known:
        """One round trip."""
        asks: list[Words] = [("HMGET", self._key("letter", letter), "thread", "contact", "kind", "done")]
        asks += [("GET", self._key("id", each)) for each in ids]
        asks.append(("GET", self._key("reference", reference or "-")))
        first, *rest = await self._all(asks)
        words = [_text(each) for each in first]
        taken = Taken(words[0], words[1], words[2], bool(words[3])) if words[0] else None
        named = [tuple(_text(each).split(" ", 1)) for each in rest[:-1] if each]
        return Known(taken, tuple((each[0], each[-1]) for each in named), _text(rest[-1]))

    async def keep(
        self,
        letter: str,
        taken: Taken,
        sealed: bytes,
        *,
        message_id: str,
        senders: Sequence[str],
        reference: str,
    ) -> None:
        """The letter with its content, findable by its id and its thread's reference."""
        thread, key = taken.thread, self._key
        does: list[Words] = [
            ("HSET", key("letter", letter), "thread", thread, "contact", taken.contact, "kind", taken.kind),
            ("HSET", key("thread", thread), letter, sealed),
            ("HSET", key("of", thread), "contact", taken.contact),
            ("SET", key("reference", reference), thread),
            ("SET", key("contact", taken.contact), thread),
        ]
        if senders:
            does.append(("SADD", key("who", thread), *senders))
        if message_id:
            does.append(("SET", key("id", message_id), f"{thread} in", "NX"))
        if taken.kind == "follow":
            does.append(("HSET", key("unread"), letter, taken.contact))
        touched = [("letter", letter), ("thread", thread), ("of", thread), ("who", thread)]
        touched += [("reference", reference), ("contact", taken.contact), ("id", message_id or "-")]
        await self._all([*does, *(("EXPIRE", key(*each), self._ttl) for each in touched)])

    async def done(self, letter: str) -> None:
        """Nothing is left to do for it but to file it."""
        await self._all([("HSET", self._key("letter", letter), "done", "1")])

    async def knows(self, thread: str, sender: str) -> bool:
        """Whether this sender has written in this thread, or was written to."""
        [found] = await self._all([("SISMEMBER", self._key("who", thread), sender)])
        return bool(found)

    async def current(self, thread: str) -> str:
        """The thread's latest contact; empty: forgotten."""
        [found] = await self._all([("HGET", self._key("of", thread), "contact")])
        return _text(found)

    async def thread_of(self, contact: str) -> str:
        """Empty: no letter brought this contact."""
        [found] = await self._all([("GET", self._key("contact", contact))])
        return _text(found)

    async def letters(self, thread: str) -> dict[str, bytes]:
        """Name and sealed content of everything in the thread, ours too."""
        [found] = await self._all([("HGETALL", self._key("thread", thread))])
        return {_text(name): bytes(sealed) for name, sealed in found.items()}

    async def mark(self, thread: str, name: str, sealed: bytes) -> None:
        """Another content in place of a letter's: what became of it has changed."""
        await self._all([("HSET", self._key("thread", thread), name, sealed)])

    # ---- letters that joined a contact and that no agent has read yet

    async def unread(self) -> dict[str, str]:
        """Letter and contact."""
        [found] = await self._all([("HGETALL", self._key("unread"))])
        return {_text(letter): _text(contact) for letter, contact in found.items()}

    async def was_read(self, letters: Sequence[str]) -> None:
        if letters:
            await self._all([("HDEL", self._key("unread"), *letters)])

    async def carry_over(self, letter: str, contact: str, thread: str) -> None:
        """The letter's contact ended before anybody read it: this one takes its place."""
        key = self._key
        await self._all([
            ("HDEL", key("unread"), letter), ("HSET", key("letter", letter), "contact", contact),
            ("HSET", key("of", thread), "contact", contact), ("SET", key("contact", contact), thread),
            ("EXPIRE", key("contact", contact), self._ttl),
        ])  # fmt: skip

    # ---- drafts, and how often a sender was answered by the machine

    async def draft(self, contact: str, sealed: bytes | None) -> None:
        key = self._key("draft", contact)
        await self._all([("SET", key, sealed, "EX", self._ttl) if sealed is not None else ("DEL", key)])

    async def drafted(self, contact: str) -> bytes | None:
        [found] = await self._all([("GET", self._key("draft", contact))])
        return found if found is None else bytes(found)

    async def answered(self, sender: str, within_s: int) -> int:
        """One more automatic letter to this sender; how many there were within that time, this one too."""
        key = self._key("rate", sender)
        [count, _] = await self._all([("INCR", key), ("EXPIRE", key, within_s, "NX")])
        return int(count)

    # ---- letters to be sent

    async def send(self, due: Due, message_id: str, kind: str, copy: bytes | None, at: int) -> bool:
        """Put it in the line, once: a second letter of the same id is not taken. `copy` is for the thread."""
        key = self._key("out", due.id)
        [fresh] = await self._all([("HSETNX", key, "sealed", due.sealed)])
        does: list[Words] = [
            ("HSET", key, "contact", due.contact, "thread", due.thread, "since", due.since),
            ("EXPIRE", key, self._ttl), ("SET", self._key("id", message_id), f"{due.thread} {kind}"),
            ("EXPIRE", self._key("id", message_id), self._ttl),
        ]  # fmt: skip
        if copy is not None:
            does.append(("HSETNX", self._key("thread", due.thread), due.id, copy))
        [state] = await self._all([("HGET", key, "state")])
        if not state:  # also when a crash came between the two
            does.append(("ZADD", self._key("out"), "NX", at, due.id))
        await self._all(does)
        return bool(fresh)

    async def claim(self, now: int, until: int, most: int) -> list[Due]:
        """Those that are due. Whoever claims one sends it, or it is due again."""
        try:
            ids = await self._claim.run(self._redis, (self._key("out"),), now, until, most)
        except LogError as fault:
            raise ConnectionError(f"the mail's store does not answer: {type(fault).__name__}") from fault
        fields = ("contact", "thread", "sealed", "tries", "since")
        rows = await self._all([("HMGET", self._key("out", _text(each)), *fields) for each in ids])
        return [
            Due(
                _text(name), _text(row[0]), _text(row[1]), bytes(row[2]), int(row[3] or 0), int(row[4] or now)
            )
            for name, row in zip(ids, rows, strict=True)
            if row[2] is not None
        ]

    async def sent(self, due: Due, state: str) -> None:
        """It left (`sent`), or never will (`failed`). Its content is no longer needed here."""
        key = self._key("out", due.id)
        await self._all([("HSET", key, "state", state, "sealed", ""), ("ZREM", self._key("out"), due.id)])

    async def later(self, due: Due, at: int) -> None:
        """Try again then."""
        key = self._key("out", due.id)
        await self._all([("HINCRBY", key, "tries", 1), ("ZADD", self._key("out"), at, due.id)])

    async def waiting(self) -> int:
        """How many are to be sent."""
        [count] = await self._all([("ZCARD", self._key("out"))])
        return int(count)

    async def _all(self, commands: Sequence[Words]) -> list[Reply]:
        try:
            if len(commands) == 1:
                return [await command(self._redis, *commands[0])]
            words = [word for each in commands for word in (len(each), *each)]
            return list(await self._together.run(self._redis, (self._key("slot"),), *words))
        except LogError as fault:
            raise ConnectionError(f"the mail's store does not answer: {type(fault).__name__}") from fault

    def _key(self, kind: str, name: str = "") -> str:
        return f"{self._at}{kind}:{name}" if name else f"{self._at}{kind}"


def _text(reply: Reply) -> str:
    return reply.decode() if isinstance(reply, bytes) else str(reply or "")
