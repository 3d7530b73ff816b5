"""Makes batches durable, whatever it takes: repeats after lost replies, waits for Redis, mends lost entries.

Only two things end it: another owner (Fenced), and entries lost that are no longer known (Gap).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from router.log.errors import Gap, LogFull, LogUnreachable
from router.log.lease import elapsed
from router.log.pool_log import PoolLog
from router.owner.tail import Tail

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between attempts
LATEST = 1.0  # seconds after which a lease so renewed is too old to act on

logger = logging.getLogger(__name__)


class Writer:
    """One reign's hand on the log. `trouble` is told of every attempt that failed."""

    def __init__(self, log: PoolLog, last_n: int, trouble: Callable[[], None]) -> None:
        self._log = log
        self._tail = Tail(last_n)
        self._trouble = trouble
        self._mend = True  # the first append of a reign may find the log behind its snapshot
        self.wrote_at = elapsed()  # when an append last returned
        self._inbox = ""  # consumed by durable entries, so to be deleted with the next append

    async def write(self, encoded: list[bytes], inbox: str) -> float:
        """Durable when it returns: `elapsed()` from which the lease lasts, and that is not long ago."""
        sent = await self._append(encoded)
        self._tail.keep(encoded)
        self._inbox = inbox or self._inbox
        while elapsed() - sent > LATEST:  # the answer was slow: effects must not be late already
            sent = await self._append([])
        return sent

    async def _append(self, encoded: list[bytes]) -> float:
        batch, first_n, pause, failed = encoded, self._tail.last + 1, FIRST_PAUSE, False
        while True:
            try:
                sent = await self._log.append(batch, first_n, self._inbox, mend=self._mend)
            except Gap as gap:
                lost = self._tail.since(gap.found)
                if not lost:
                    raise
                logger.error("the log lost entries after %d: %d are appended again", gap.found, len(lost))
                batch, first_n, self._mend = lost + encoded, gap.found + 1, True
            except (LogUnreachable, LogFull) as error:
                self._trouble()
                if not failed:
                    logger.warning("the log takes nothing, trying again: %s", error)
                failed = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                if failed:
                    logger.warning("the log takes entries again, after %.1f s", elapsed() - self.wrote_at)
                self._mend = False
                self.wrote_at = elapsed()
                return sent
