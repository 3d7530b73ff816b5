"""Published flows and traces of sessions in Redis: versions that never change, aliases that switch at once.

It knows bytes and names only. What a flow is, and whether it is any good, others say.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from router.log.script import Script, command
from router.log.types import Sender

DIGEST = 16  # bytes before each version
MOST_TRACE = 2_000  # steps of one session that are kept, and a few more
RENEWED = 64  # steps after which a trace is cut and its time begins anew


class Lived(Struct, frozen=True):
    """An alias was switched: to which version, when (microseconds), by which role, and why."""

    alias: str
    number: int
    at: int
    by: str
    note: str


class FlowStore:
    """All keys of a flow share a hash tag. Raises LogError without Redis."""

    def __init__(self, redis: Sender) -> None:
        self._redis = redis
        self._publish = Script("publish")

    async def publish(
        self, flow: str, version: bytes, digest: bytes, aliases: tuple[str, ...], at: int, by: str, note: str
    ) -> int:
        """Keep it and make it live. Returns its number, the old one if nothing is new."""
        return await self._live(flow, version, digest, 0, aliases, at, by, note) or 0

    async def switch(
        self, flow: str, number: int, aliases: tuple[str, ...], at: int, by: str, note: str
    ) -> int | None:
        """Make a version live that is kept. None: there is no such version."""
        return await self._live(flow, b"", b"", number, aliases, at, by, note)

    async def _live(
        self,
        flow: str,
        version: bytes,
        digest: bytes,
        number: int,
        aliases: tuple[str, ...],
        at: int,
        by: str,
        note: str,
    ) -> int | None:
        keys = (_key(flow, "versions"), _key(flow, "live"), _key(flow, "history"))
        line = f"{at} {by} {' '.join(note.split())}"
        reply = await self._publish.run(self._redis, keys, version, digest, number, line, *aliases)
        return int(reply[1]) if reply[0] == b"OK" else None

    async def version(self, flow: str, number: int) -> bytes | None:
        """As it was published."""
        kept = await command(self._redis, "HGET", _key(flow, "versions"), str(number))
        return bytes(kept[DIGEST:]) if kept is not None else None

    async def count(self, flow: str) -> int:
        """How many versions there are; they count from 1."""
        return int(await command(self._redis, "HLEN", _key(flow, "versions")))

    async def live(self, flow: str) -> dict[str, int]:
        """Which version each alias names."""
        kept = await command(self._redis, "HGETALL", _key(flow, "live"))
        if not isinstance(kept, dict):  # RESP2
            kept = dict(zip(kept[::2], kept[1::2], strict=True))
        return {alias.decode(): int(number) for alias, number in kept.items()}

    async def history(self, flow: str) -> list[Lived]:
        """Every switch, the oldest first."""
        lines = await command(self._redis, "LRANGE", _key(flow, "history"), 0, -1)
        found = []
        for line in lines:
            alias, number, at, by, *note = line.decode().split(" ", 4)
            found.append(Lived(alias, int(number), int(at), by, note[0] if note else ""))
        return found

    async def trace(self, session: str, lines: Sequence[bytes], ttl_s: int) -> None:
        """More steps of a session, masked by whoever calls. Forgotten `ttl_s` after the first ones."""
        key = f"flow-trace:{{{session}}}"
        kept = await command(self._redis, "RPUSH", key, *lines)
        if kept == len(lines) or kept % RENEWED < len(lines):
            await command(self._redis, "LTRIM", key, -MOST_TRACE, -1)
            await command(self._redis, "EXPIRE", key, ttl_s)

    async def traced(self, session: str) -> list[bytes]:
        """Its steps, the oldest first; empty for one that is not known or was forgotten."""
        lines = await command(self._redis, "LRANGE", f"flow-trace:{{{session}}}", 0, -1)
        return [bytes(line) for line in lines]

    async def close(self, calendar: str, *, closed: bool) -> None:
        """The supervisors' switch: a calendar is closed at once, or follows its hours again."""
        if closed:
            await command(self._redis, "SADD", "flow-closed", calendar)
        else:
            await command(self._redis, "SREM", "flow-closed", calendar)

    async def closed(self) -> frozenset[str]:
        """Calendars that the switch keeps closed."""
        return frozenset(name.decode() for name in await command(self._redis, "SMEMBERS", "flow-closed"))


def _key(flow: str, what: str) -> str:
    return f"flow:{{{flow}}}:{what}"
