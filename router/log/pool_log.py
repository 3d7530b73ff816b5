"""The log of one pool: append under the fence, read, trim, keep snapshots. It decides nothing.

It never repeats anything by itself: its caller knows what may be sent again, and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from router.log.errors import Fenced, Gap, Wiped
from router.log.keys import Keys
from router.log.lease import LENGTH, Held, Lease, elapsed, new_nonce
from router.log.line import Line
from router.log.reply import after, entries, expect_ok, number
from router.log.script import Script, command

Record = tuple[int, bytes]  # an entry's number and its exact bytes
BLOCK = 0.8  # seconds a blocking read waits at most: well below the reply timeout


class PoolLog:
    """Holds the lease, if this process has it; `trim` and `append` need it."""

    def __init__(self, redis: Redis, pool: str, known_generation: str = "") -> None:
        self.redis = redis
        self.pool = pool
        self.keys = Keys(pool)
        self.generation = known_generation  # '' until the data set was seen for the first time
        self.lease: Lease | None = None
        self._line = Line(redis)
        self._append, self._acquire, self._release = Script("append"), Script("acquire"), Script("release")
        self._trim, self._snapshot = Script("trim"), Script("snapshot")

    async def recognise(self) -> None:
        """Remembers which data set this is; raises Wiped if we knew another one."""
        raw = await command(self.redis, "GET", self.keys.generation)
        generation = "" if raw is None else raw.decode()
        if self.generation and generation != self.generation:
            raise Wiped("its generation is another or gone")
        self.generation = generation

    async def acquire(self) -> Lease | Held:
        """The lease, if it is free. Each acquisition raises the epoch and so fences every former holder."""
        keys, nonce = self.keys, new_nonce()
        reply = await self._acquire.run(
            self.redis, (keys.lease, keys.generation, keys.log, keys.snapshot),
            nonce, LENGTH, self.generation, new_nonce(),
        )  # fmt: skip
        if reply[0] == b"HELD":
            return Held(reply[1])
        expect_ok(reply)
        self.generation = reply[2].decode()
        self.lease = Lease(reply[1], nonce, self.generation, reply[3], elapsed())
        return self.lease

    async def release(self) -> None:
        """Gives the lease up at once."""
        lease, self.lease = self.lease, None
        if lease is not None:
            expect_ok(await self._release.run(self.redis, (self.keys.lease,), lease.epoch, lease.nonce))

    async def append(
        self, batch: Sequence[bytes], first_n: int, inbox_position: str = "", *, mend: bool = False
    ) -> float:
        """Entries `first_n`, … are durable and the lease is renewed; none at all only renews it.

        `inbox_position`: everything up to it is consumed by entries already durable, and is deleted.
        `mend`: after lost entries. Returns `elapsed()` from which the lease lasts. The same call may be
        repeated after LogUnreachable and LogFull: the entries will be there once.
        """
        lease, keys, sent = self._held(), self.keys, elapsed()
        reply = await self._append.run(
            self._line, (keys.log, keys.lease, keys.generation, keys.inbox, keys.snapshot),
            lease.epoch, lease.nonce, lease.generation, LENGTH, first_n - 1, int(mend),
            after(inbox_position) if inbox_position else "", *batch,
        )  # fmt: skip
        expect_ok(reply, wanted=first_n - 1)
        return sent

    async def read(self, after_n: int, count: int = 256, wait: float = 0) -> list[Record]:
        """Up to `count` entries after `after_n`, without holes; waits up to `wait` seconds for the first."""
        words: list[str | int] = ["XREAD", "COUNT", count]
        if wait:
            words += ["BLOCK", max(1, round(min(wait, BLOCK) * 1000))]
        reply = await command(self.redis, *words, "STREAMS", self.keys.log, f"{after_n}-0")
        records = [(number(id_), fields[b"e"]) for id_, fields in entries(reply)]
        for place, (n, _) in enumerate(records):
            if n != after_n + 1 + place:
                raise Gap(after_n + 1 + place, n)
        return records

    async def top(self) -> int:
        """The number of the last entry, 0 if there is none."""
        reply = await command(self.redis, "XREVRANGE", self.keys.log, "+", "-", "COUNT", 1)
        return number(reply[0][0]) if reply else 0

    async def trim(self, below_n: int) -> int:
        """Deletes entries below `below_n`, never the last one nor any that no snapshot stands for."""
        lease, keys = self._held(), self.keys
        reply = await self._trim.run(
            self.redis, (keys.log, keys.lease, keys.generation, keys.snapshot),
            lease.epoch, lease.nonce, lease.generation, below_n,
        )  # fmt: skip
        expect_ok(reply)
        return int(reply[1])

    async def save_snapshot(self, n: int, state: bytes) -> None:
        """Keeps this state, unless a newer one is kept already. Raises Gap if the log does not reach `n`."""
        keys = self.keys
        reply = await self._snapshot.run(
            self.redis, (keys.snapshot, keys.generation, keys.log), self.generation, n, state
        )
        expect_ok(reply, wanted=n)

    async def load_snapshot(self) -> tuple[int, bytes] | None:
        """The newest state kept, and the number of the last entry in it."""
        n, state = await command(self.redis, "HMGET", self.keys.snapshot, "n", "state")
        return None if n is None else (int(n), state)

    def _held(self) -> Lease:
        if self.lease is None:
            raise Fenced("this process does not hold the lease")
        return self.lease
