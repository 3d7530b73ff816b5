"""The right to steer one Asterisk: held by one gateway at a time, whatever pools and processes there are.

A gateway acts only while it holds it, by its own clock from before the renewal was sent. It must never be
kept by a process that does not own its pool: the next owner's gateway waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NoReturn

from router.door import Unavailable
from router.log.errors import LogError
from router.log.lease import LENGTH, RENEW_AFTER, elapsed, new_nonce
from router.log.script import Script

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.door import Door
    from router.log.types import Sender

log = logging.getLogger(__name__)

HOLD = Script("hold")


class AsteriskLease:
    """One Asterisk's, by where its manager listens. `held` is asked before each action."""

    def __init__(self, redis: Sender, host: str, port: int) -> None:
        self._redis = redis
        self._key = f"asterisk:{{{host}:{port}}}:lease"
        self._nonce = new_nonce()
        self._until = 0.0

    def held(self) -> bool:
        return elapsed() < self._until

    async def keep(self, door: Door, changed: Callable[[bool], None]) -> NoReturn:
        """Take and renew it while the pool is ours. `changed` hears when it comes and when it goes."""
        told = False
        while True:
            await self._renew(door)
            if self.held() != told:
                told = not told
                log.info("the lease of an Asterisk was %s", "taken" if told else "lost")
                changed(told)
            await asyncio.sleep(RENEW_AFTER)

    async def give_up(self) -> None:
        """For the next one, at the end. Without Redis it lapses."""
        self._until = 0.0
        try:
            await HOLD.run(self._redis, (self._key,), self._nonce, 0)
        except LogError as fault:
            log.info("the lease of an Asterisk was not given up, it lapses: %s", fault)

    async def _renew(self, door: Door) -> None:
        sent = elapsed()
        try:
            await door.read(lambda state: state.n)
            taken = await HOLD.run(self._redis, (self._key,), self._nonce, LENGTH // 1000)
        except Unavailable as fault:
            if fault.code == "not_owner" and self.held():
                await self.give_up()
        except LogError as fault:
            log.warning("the lease of an Asterisk is not renewed: %s", fault)
        else:
            self._until = sent + LENGTH / 1e6 if taken == 1 else 0.0
