"""The two globals that Asterisk must know from us: that we live, and how long an agent's phone rings.

The beat is set only while the log takes entries: a router that cannot write must not hold callers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, NoReturn

from router.core.policy import SECOND
from router.door import APPEND_WITHIN_S
from router.phone import ami, ami_actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.door import Door
    from router.phone.settings import PhoneSettings
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

EVERY_S = 1.0
BACKSTOP_S = 3  # Dial's ring ends so much before the core's own expiry of the offer


async def beat(door: Door, wire: Wire, count: Callable[[str], None]) -> NoReturn:
    """Every second, in Asterisk's own clock, whatever ours says."""
    while True:
        if await beat_now(door, wire):
            count("beats")
        await asyncio.sleep(EVERY_S)


async def beat_now(door: Door, wire: Wire) -> bool:
    """Once, if we live. What is told is when the log last took an entry: from then on callers count."""
    age = door.last_append_age()
    alive = wire.up and age < APPEND_WITHIN_S
    return alive and await _set(wire, "GUICHET_BEAT", str(int(time.time() + wire.ahead - age)))


async def set_ring(door: Door, wire: Wire, settings: PhoneSettings) -> None:
    """The ring time that the policy allows; how often callers hear their place. Raises Unavailable."""
    expiry = await door.read(lambda state: state.policy.offer_expiry)
    await _set(wire, "GUICHET_RING", str(max(1, min(int(settings.ring_s), expiry // SECOND - BACKSTOP_S))))
    await _set(wire, "GUICHET_ANNOUNCE", str(round(settings.announce_s)))


async def _set(wire: Wire, variable: str, value: str) -> bool:
    try:
        await wire.act(ami_actions.Setvar(variable, value))
        return True
    except (ami.Unsent, ami.Unknown, ami.Denied) as fault:
        log.warning("%s is not set: %s", variable, fault)
        return False
