"""Notices as kept: encoded, claimed by one at a time, changed only if nobody changed them meanwhile."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from router.notify.notice import Notice

if TYPE_CHECKING:
    from router.notify.store import NoticeStore

log = logging.getLogger(__name__)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Notice)


class Held(Struct, frozen=True):
    """What was read: the handle for changing that and nothing else."""

    notice: Notice
    raw: bytes


class Shelf:
    """Raises OSError when the store does not answer."""

    def __init__(self, store: NoticeStore) -> None:
        self._store = store

    async def put(self, notice: Notice, keep_s: int) -> Notice:
        """The one that is kept under this id: the first that came."""
        kept = await self._store.put(notice.notice, _encoder.encode(notice), notice.due, keep_s)
        return _decoder.decode(kept)

    async def get(self, notice: str) -> Held | None:
        (raw,) = await self._store.get([notice])
        return _read(raw)

    async def claim(self, now: int, until: int, count: int) -> list[Held]:
        """Those due now, for us alone until then."""
        names = await self._store.claim(now, until, count)
        found = [_read(raw) for raw in await self._store.get(names)]
        lost = [name for name, held in zip(names, found, strict=True) if held is None]
        if lost:  # expired, or not this version's: never again
            log.warning("%d messages to citizens are no longer there or cannot be read", len(lost))
            await self._store.forget(lost)
        return [held for held in found if held is not None]

    async def swap(self, held: Held, notice: Notice, keep_s: int) -> Held | None:
        """None: somebody else changed it."""
        raw = _encoder.encode(notice)
        due = None if notice.over else notice.due
        failed = notice.made if notice.stage == "failed" else None
        done = await self._store.swap(notice.notice, held.raw, raw, due, failed, keep_s)
        return Held(notice, raw) if done else None

    async def waiting(self) -> list[Notice]:
        """All that are not over."""
        raws = await self._store.get(await self._store.waiting())
        return [held.notice for raw in raws if (held := _read(raw)) is not None]

    async def failed(self, count: int) -> list[Notice]:
        raws = await self._store.get(await self._store.failed(count))
        return [held.notice for raw in raws if (held := _read(raw)) is not None]


def _read(raw: bytes | None) -> Held | None:
    try:
        return None if raw is None else Held(_decoder.decode(raw), raw)
    except msgspec.MsgspecError:
        return None
