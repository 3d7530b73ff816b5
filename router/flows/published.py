"""Which flow answers now: a published version by its alias, or the draft in the files behind a test number.

A version is checked once more when it comes in and never changes after; what is running keeps its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from config.fault import Fault, Faults
from ivr_flows.check import check
from ivr_flows.loader import Draft, draft_of, load
from ivr_flows.model import Flows
from router.log.flow_store import DIGEST, Lived

LIVE = "live"  # the alias of a flow that no entry names
MOST_KEPT = 64  # versions in memory


class Store(Protocol):
    """What `router.log.flow_store` keeps."""

    async def publish(
        self, flow: str, version: bytes, digest: bytes, aliases: tuple[str, ...], at: int, by: str, note: str
    ) -> int: ...

    async def switch(
        self, flow: str, number: int, aliases: tuple[str, ...], at: int, by: str, note: str
    ) -> int | None: ...

    async def version(self, flow: str, number: int) -> bytes | None: ...

    async def count(self, flow: str) -> int: ...

    async def live(self, flow: str) -> dict[str, int]: ...

    async def history(self, flow: str) -> list[Lived]: ...


class Version(Struct, frozen=True):
    """A flow as it was published: its text and those of every flow it runs."""

    flow: str
    texts: dict[str, str]


class Unpublished(Exception):
    """Nothing of that name is live."""


class Published:
    """Versions by flow and number, parsed once."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self._folder = store, folder
        self._parsed: OrderedDict[tuple[str, int], Flows] = OrderedDict()

    async def publish(self, version: Version, aliases: tuple[str, ...], by: str, note: str) -> int:
        """Check it and make it live. Raises Faults: nothing has changed then."""
        made = await asyncio.to_thread(_checked, version)
        packed = msgspec.msgpack.encode(Version(version.flow, _used(version, made)))
        digest = sha256(packed).digest()[:DIGEST]
        return await self.store.publish(version.flow, packed, digest, aliases, _now(), by, note)

    async def switch(self, flow: str, number: int, aliases: tuple[str, ...], by: str, note: str) -> bool:
        """Make a version live that was published before. False: there is no such version."""
        return await self.store.switch(flow, number, aliases, _now(), by, note) is not None

    async def before(self, flow: str, alias: str) -> int | None:
        """The version that was live before the one that is, by the history of the alias."""
        now = (await self.store.live(flow)).get(alias)
        past = [each.number for each in await self.store.history(flow) if each.alias == alias]
        return next((number for number in reversed(past) if number != now), None)

    async def version(self, flow: str, number: int) -> Version | None:
        """Its texts."""
        kept = await self.store.version(flow, number)
        return None if kept is None else msgspec.msgpack.decode(kept, type=Version)

    async def live(self, flow: str, alias: str = LIVE) -> tuple[Flows, int]:
        """What answers by this alias now, with its number. Raises Unpublished."""
        live = await self.store.live(flow)
        number = live.get(alias, live.get(LIVE))
        if number is None:
            raise Unpublished(flow)
        return await self.at(flow, number), number

    async def at(self, flow: str, number: int) -> Flows:
        """One version, parsed. Raises Unpublished."""
        known = self._parsed.get((flow, number))
        if known is not None:
            self._parsed.move_to_end((flow, number))
            return known
        version = await self.version(flow, number)
        if version is None:
            raise Unpublished(f"{flow} {number}")
        flows = (await asyncio.to_thread(draft_of, flow, version.texts)).flows
        self._parsed[flow, number] = flows
        while len(self._parsed) > MOST_KEPT:
            self._parsed.popitem(last=False)
        return flows

    async def draft(self, flow: str) -> Flows:
        """The files as they are. Raises Faults."""
        return await asyncio.to_thread(load, self._folder / f"{flow}.yaml")


def _checked(version: Version) -> Draft:
    made = draft_of(version.flow, version.texts)
    wrong: list[Fault] = [fault for fault in check(made) if not fault.warning]
    if wrong:
        raise Faults(wrong)
    return made


def _used(version: Version, made: Draft) -> dict[str, str]:
    """Only what it runs."""
    return {name: version.texts[name] for name in sorted(made.flows.flows)}


def _now() -> int:
    return time.time_ns() // 1000
