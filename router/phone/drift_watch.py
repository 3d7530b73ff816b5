"""Compares channels, calls and state from time to time, also while all is well: nothing may differ.

It only counts, and asks for a look when something differs twice. It must never take for a difference what is
merely on its way: both lists are asked for, with time in between for events and the log.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NoReturn

from router.door import Unavailable
from router.phone import ami, ami_actions
from router.phone.drift import believed, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.door import Door
    from router.phone.calls import Calls
    from router.phone.drift import Difference
    from router.phone.settings import PhoneSettings
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

STATUS_S = 10.0
SETTLE_S = 2.0  # an event is here within milliseconds, its entry durable within a tenth of a second


async def watch(
    door: Door,
    settings: PhoneSettings,
    calls: Calls,
    wire: Wire,
    look: Callable[[], None],
    count: Callable[[str], None],
) -> NoReturn:
    """For ever. `look` mends, `count` hears the kind of each difference."""
    while True:
        await asyncio.sleep(settings.compare_s)
        try:
            drifted = await _twice(door, settings.name, calls, wire)
        except (ami.Unsent, ami.Unknown, ami.Denied, Unavailable):
            continue  # without the link or the log there is nothing to compare; the next login looks
        for each in drifted:
            count(each.kind)
            log.error("Asterisk and the state differ: %s", each.kind, extra={"contact": each.contact})
        if drifted:
            look()


async def _twice(door: Door, name: str, calls: Calls, wire: Wire) -> set[Difference]:
    first = await _once(door, name, calls, wire)
    if not first:
        return first
    await asyncio.sleep(SETTLE_S)
    return first & await _once(door, name, calls, wire)


async def _once(door: Door, name: str, calls: Calls, wire: Wire) -> set[Difference]:
    if not calls.linked:
        return set()
    rows = await wire.act(ami_actions.Status(), STATUS_S)
    state = await door.read(lambda state: believed(state, name))
    return differences(rows, calls, state)
