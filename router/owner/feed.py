"""Brings the inbox to the owner, chunk by chunk: the next one only when the last is durable."""

from __future__ import annotations

import asyncio
import logging

from router.core.events import Refused
from router.core.step import Result
from router.log.errors import LogError
from router.log.inbox import read_inbox
from router.log.pool_log import PoolLog
from router.owner.intake import Intake, Submission

PAUSE = 0.25  # seconds before Redis is asked again

logger = logging.getLogger(__name__)


async def feed(log: PoolLog, intake: Intake, position: str) -> None:
    """For ever, from `position` on. What this version cannot read is passed over, on record."""
    failed = False
    while True:
        try:
            envelopes = await read_inbox(log.redis, log.pool, position)
        except LogError as error:
            if not failed:
                logger.warning("the inbox cannot be read, trying again: %s", error)
            failed = True
            await asyncio.sleep(PAUSE)
            continue
        failed = False
        if not envelopes:
            continue
        last: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        for origin, event in envelopes:
            waits = last if origin is envelopes[-1][0] else None
            intake.put(Submission(Refused("unreadable") if event is None else event, origin, waits))
            position = origin.position
        await last
