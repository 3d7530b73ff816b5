"""The owner of one pool: takes events, steps them, makes them durable, and only then lets anyone know.

One loop, one append in flight, no task per event. It implements `router.door.Door` for the gateways of its
process, for as long as the process lives: while another process owns the pool it answers Unavailable.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from router.core.events import Event
from router.core.state import State
from router.core.step import Result, step
from router.door import Listener, Unavailable
from router.log.errors import Fenced, Gap, LogError
from router.log.fold import Step
from router.log.pool_log import PoolLog
from router.owner.clock import Clock
from router.owner.intake import Intake, Submission
from router.owner.observer import Observer, Unobserved
from router.owner.reign import Reign
from router.owner.release import Release
from router.standby import Standby

CAPACITY = 20_000  # events that may wait

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Owner:
    """`run()` for as long as the process lives; everything else is the Door."""

    def __init__(
        self, log: PoolLog, *, step: Step = step, observer: Observer | None = None, capacity: int = CAPACITY
    ) -> None:
        self._log, self._step = log, step
        self._observer: Observer = observer or Unobserved()
        self._intake, self._release = Intake(capacity), Release()
        self._reign: Reign | None = None
        self._clock: Clock | None = None
        self._reigning = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False

    async def run(self) -> None:
        """Stands by, owns, stands by again. Raises what needs a person (`router/log/errors.py`)."""
        self._running = asyncio.current_task()
        try:
            while not self._stopping:
                state, lease = await Standby(self._log, self._step).take_over()
                reign = Reign(
                    self._log, state, lease, self._step, self._intake, self._release, self._observer
                )
                await self._rule(reign)
        finally:
            self._stopping = True
            self._refuse_all("stopping", "this router is stopping")

    async def _rule(self, reign: Reign) -> None:
        logger.info("owner of pool %s from entry %d on", self._log.pool, reign.state.n)
        try:
            await reign.begin()
            self._reign, self._clock = reign, reign.clock
            self._reigning.set()
            await reign.last()
        except Fenced:
            logger.warning("another process owns pool %s now", self._log.pool)
            self._log.lease = None
        except Gap as gap:
            logger.error("the log lost entries that are no longer known: %s", gap)
        finally:
            self._reign = None
            self._reigning.clear()
            reign.fail("not_owner", "this router lost the pool; the event may still have come to be")
            self._refuse_all("not_owner", "this router does not own the pool")
            self._intake.clear()
            self._observer.reigns(0)
        await self._give_up_lease()

    async def _give_up_lease(self) -> None:
        try:
            await self._log.release()
        except LogError as error:
            logger.info("the lease was not given up, it lapses: %s", error)

    def _refuse_all(self, code: str, message: str) -> None:
        self._intake.fail(code, message)
        self._release.fail(code, message)

    async def stop(self, patience: float = 3.0) -> None:
        """What was taken is made durable, the lease is given up; then `run` returns."""
        self._stopping = True
        running = self._running
        if running is None:
            return
        if self._reign is not None:
            self._reign.end()
        else:
            running.cancel()
        done, _ = await asyncio.wait([running], timeout=patience)
        if not done:
            running.cancel()
            await asyncio.wait([running])

    async def ready(self) -> None:
        """Returns once this process owns the pool."""
        await self._reigning.wait()

    # The Door

    async def submit(self, event: Event) -> Result:
        reign = self._open()
        if reign.trouble:
            raise Unavailable("log_unavailable", "the log takes nothing now")
        reply: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._intake.put(Submission(event, None, reply))
        return await reply

    async def read(self, question: Callable[[State], T]) -> T:
        reign = self._open()
        if reign.durable:
            return question(reign.state)
        if reign.trouble:
            raise Unavailable("log_unavailable", "the log does not answer: nothing here is certain now")
        answer: T = await self._release.ask(question)
        return answer

    def listen(self, listener: Listener) -> Callable[[], None]:
        return self._release.listen(listener)

    def now(self) -> int:
        # Between reigns the last one's clock goes on: what it released is then seen to be too late.
        return self._clock.now() if self._clock is not None else time.time_ns() // 1000

    def last_append_age(self) -> float:
        return self._reign.age() if self._reign is not None else float("inf")

    def _open(self) -> Reign:
        if self._stopping:
            raise Unavailable("stopping", "this router is stopping")
        if self._reign is None:
            raise Unavailable("not_owner", "this router does not own the pool")
        return self._reign
