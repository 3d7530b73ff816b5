"""What waits to be stepped, in the order it came, and the one place where the loop sleeps.

Bounded: what cannot be served soon is refused at once. It never reorders.
"""

from __future__ import annotations

import asyncio
from collections import deque

from router.core.events import Event, Origin
from router.core.step import Result
from router.door import Unavailable


class Submission:
    """An event and whom to tell. `origin` is set if it came through the inbox, `reply` if somebody waits."""

    __slots__ = ("event", "origin", "reply")

    def __init__(
        self, event: Event, origin: Origin | None = None, reply: asyncio.Future[Result] | None = None
    ) -> None:
        self.event = event
        self.origin = origin
        self.reply = reply

    def tell(self, result: Result) -> None:
        """Everything up to here is durable. Who gave up meanwhile is not told."""
        if self.reply is not None and not self.reply.done():
            self.reply.set_result(result)

    def fail(self, code: str, message: str) -> None:
        """Nothing is promised. Not said to the inbox: what it brought is taken sooner or later."""
        if self.origin is None and self.reply is not None and not self.reply.done():
            self.reply.set_exception(Unavailable(code, message))


class Intake:
    """First come, first stepped."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._queue: deque[Submission] = deque()
        self._sleeping: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, submission: Submission) -> None:
        """Raises Unavailable (`overloaded`) when full; envelopes of the inbox come in bounded chunks."""
        if len(self._queue) >= self._capacity and submission.origin is None:
            raise Unavailable("overloaded", f"{self._capacity} events wait already")
        self._queue.append(submission)
        self.wake()

    def pop(self) -> Submission:
        return self._queue.popleft()

    def fail(self, code: str, message: str) -> None:
        """Nothing is promised to those who wait; their events are forgotten. The inbox's own stay."""
        waiting, self._queue = self._queue, deque(one for one in self._queue if one.origin is not None)
        for one in waiting:
            one.fail(code, message)

    def clear(self) -> None:
        """Forgets the inbox's too: the next owner reads them again."""
        self._queue.clear()

    async def wait(self, seconds: float) -> None:
        """Until something is here or the time is over. One bare future: wait_for would cost a task."""
        if self._queue or seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        self._sleeping = loop.create_future()
        alarm = loop.call_later(seconds, self.wake)
        try:
            await self._sleeping
        finally:
            alarm.cancel()
            self._sleeping = None

    def wake(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)
