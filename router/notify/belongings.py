"""What is known of messages to a citizen: theirs to have. What fills them is sealed under their key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from citizens.elsewhere import Theirs
    from router.notify.shelf import Shelf
    from router.notify.store import Safe


class Belongings:
    """`citizens.elsewhere.Elsewhere`."""

    def __init__(self, shelf: Shelf, safe: Safe) -> None:
        self._shelf, self._safe = shelf, safe

    def owns(self, name: str) -> bool:
        return False

    async def export(self, theirs: Theirs) -> dict[str, Any]:
        told = [each.about for each in theirs.journey.entries if each.what in ("notified", "undelivered")]
        notices = {
            each.notice: each for each in await self._shelf.waiting() if each.citizen in theirs.citizens
        }
        for name in told:
            held = await self._shelf.get(name) if name not in notices else None
            if held is not None:
                notices[name] = held.notice
        whole = []
        for notice in sorted(notices.values(), key=lambda each: each.made):
            record = await self._safe.unlock(notice.notice) or {"values": None}  # not kept once it arrived
            whole.append(msgspec.to_builtins(notice) | record)
        return {"notices": whole}

    async def erased(self, theirs: Theirs) -> None:
        """Nothing more: without its citizen's key a message has no words, and is not sent."""
