"""A warm standby: steps along with the log, proves it, and takes the lease when it lapses.

The only process of a pool starts the same way. It never acts: all it may write is its claim to the lease.
"""

from __future__ import annotations

import asyncio
import logging

from router.core.state import State
from router.log.errors import Gap, LogFull, LogUnreachable
from router.log.fold import CHUNK, Step, apply, catch_up, decode, last_snapshot
from router.log.lease import Lease, elapsed
from router.log.pool_log import PoolLog
from router.log.server import check_server

LOOK = 0.2  # seconds: how late a standby notices, at most, that the lease was given up
PAUSE = 0.25  # seconds before Redis is tried again

logger = logging.getLogger(__name__)


class Standby:
    """Follows one pool's log until it holds the lease. Only what needs a person ends it."""

    def __init__(self, log: PoolLog, step: Step) -> None:
        self._log = log
        self._step = step
        self._state: State | None = None
        self._try_at = 0.0

    async def take_over(self) -> tuple[State, Lease]:
        """The state after the last entry, and the lease: from now on nobody else can append."""
        failed = False
        while True:
            try:
                return await self._take_over()
            except (LogUnreachable, LogFull) as error:
                if not failed:
                    logger.warning("standby: the log does not answer, trying again: %s", error)
                failed = True
                await asyncio.sleep(PAUSE)

    async def _take_over(self) -> tuple[State, Lease]:
        await check_server(self._log.redis)
        state = self._state if self._state is not None else await self._load()
        while True:
            state = await self._follow(state)
            if elapsed() < self._try_at:
                continue
            answer = await self._log.acquire()
            if isinstance(answer, Lease):
                await catch_up(self._log, state, self._step)
                return state, answer
            self._try_at = elapsed() + min(answer.left / 1e6, LOOK)

    async def _load(self) -> State:
        await self._log.recognise()
        self._state = await last_snapshot(self._log)
        return self._state

    async def _follow(self, state: State) -> State:
        """Everything there is, then waits for more until it is time to look at the lease again."""
        try:
            await catch_up(self._log, state, self._step)
            wait = self._try_at - elapsed()
            if wait > 0:
                for _, raw in await self._log.read(state.n, CHUNK, wait):
                    apply(state, decode(raw), self._step)
        except Gap:
            # Trimmed under us: then a newer snapshot stands for what is gone. Otherwise entries are lost.
            newer = await self._load()
            if newer.n <= state.n:
                raise
            return newer
        return state
