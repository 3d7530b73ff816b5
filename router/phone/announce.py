"""What a waiting caller hears of their place and wait: the dialplan asks, a variable on the channel answers.

It must never make a caller wait for it: the dialplan plays what is there at its next turn, or goes on.
Numbers only: position in line, and the wait from LOW to HIGH minutes; no HIGH where nobody can say. Where a
flow answers, its own voice says them: the sounds are named in a variable of their own, set first.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from router.core.estimate import NOBODY, estimate_of
from router.core.policy import SECOND
from router.door import Unavailable
from router.phone import ami, ami_actions

if TYPE_CHECKING:
    from router.core.state import State
    from router.door import Door
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

MINUTE = 60 * SECOND


Said = Callable[[str, str], Awaitable[str]]  # contact and place -> sounds joined by &, "" for Asterisk's own


async def announce(door: Door, wire: Wire, asked: ami.Announce, said: Said | None = None) -> None:
    """Answer one question, once, if the caller still waits."""
    try:
        place = await door.read(lambda state: place_of(state, asked.contact))
        if place:
            sounds = await said(asked.contact, place) if said is not None else ""
            if sounds:
                await wire.act(ami_actions.Setvar("GUICHET_SAY", sounds, asked.channel))
            await wire.act(ami_actions.Setvar("GUICHET_PLACE", f"{asked.turn}:{place}", asked.channel))
    except (Unavailable, ami.Unsent, ami.Unknown, ami.Denied) as fault:
        log.info("a caller is not told their place: %s", fault, extra={"contact": asked.contact})


def place_of(state: State, contact: str) -> str:
    """`POSITION:LOW:HIGH`, or nothing for one who does not wait."""
    here = state.contacts.get(contact)
    if here is None or here.state != "waiting":
        return ""
    position = state.lines.position(here)
    wait = estimate_of(state, here)
    if wait.high >= NOBODY:
        return f"{position}:0:0"
    return f"{position}:{wait.low // MINUTE}:{-(-wait.high // MINUTE)}"
