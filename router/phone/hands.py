"""Carries out what the reducer wants done in Asterisk, and says how each went.

An action is done at once, before its `do_before`, or never; nothing is queued and nothing is sent twice.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from router.door import Unavailable
from router.phone import ami
from router.phone.said import Did

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.door import Door
    from router.phone.said import Do, Input, Result
    from router.phone.wire import Wire

log = logging.getLogger(__name__)


class Hands:
    """`do` one thing. Without a `wire` nothing can be done yet."""

    def __init__(self, door: Door, note: Callable[[Input], None], count: Callable[[str], None]) -> None:
        self._door, self._note, self._count = door, note, count
        self.wire: Wire | None = None

    async def do(self, do: Do) -> None:
        result = await self._done(do)
        self._count(f"{do.aim}_{result}")
        about = {"contact": do.contact, "agent": do.agent, "offer": do.offer}
        log.info(do.aim, extra={"result": result} | {name: value for name, value in about.items() if value})
        self._note(Did(do, result))

    async def _done(self, do: Do) -> Result:
        if self.wire is None:
            return "unsent"
        try:
            if self._door.now() >= do.do_before:
                return "late"
            await self.wire.act(do.action, first=do.first)
        except Unavailable:
            return "late"  # no longer the owner: another acts for this pool
        except ami.Unsent:
            return "unsent"
        except ami.Unknown:
            return "unknown"
        except ami.Denied as denied:
            return "absent" if "exist" in str(denied) or "No such channel" in str(denied) else "denied"
        return "done"
