"""The least a durable log can do: one loop, one Lua append per batch, a step that does nothing.

What the owner is measured against. It has no lease to lose, no timers, no inbox, no errors to survive.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec
from redis.asyncio import Redis

from router.core.events import Event
from router.core.step import Result
from router.door import Listener, Released
from router.log.entry import Entry

APPEND = """
local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local n = top and tonumber(string.match(top[1], '^%d+')) or 0
if n ~= tonumber(ARGV[1]) then return redis.error_reply('GAP') end
for place = 2, #ARGV do
  redis.call('XADD', KEYS[1], string.format('%.0f-0', n + place - 1), 'e', ARGV[place])
end
return n + #ARGV - 1
"""
MOST = 256


class Sketch:
    """As much of the door as the bench uses."""

    def __init__(self, redis: Redis, pool: str) -> None:
        self._append = redis.register_script(APPEND)
        self._key = f"pool:{{{pool}}}:sketch"
        self._queue: deque[tuple[Event, asyncio.Future[Result]]] = deque()
        self._something = asyncio.Event()
        self._listeners: list[Listener] = []

    async def submit(self, event: Event) -> Result:
        reply = asyncio.get_running_loop().create_future()
        self._queue.append((event, reply))
        self._something.set()
        return await reply

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def run(self) -> None:
        n, nothing, encode = 0, Result(), msgspec.msgpack.Encoder().encode
        while True:
            await self._something.wait()
            self._something.clear()
            while self._queue:
                batch = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
                entries = [Entry(n + place, 0, event) for place, (event, _) in enumerate(batch, 1)]
                await self._append(keys=[self._key], args=[n, *map(encode, entries)])
                n += len(batch)
                for entry in entries:
                    for listener in self._listeners:
                        listener(Released(entry, 0))
                for _, reply in batch:
                    reply.set_result(nothing)
