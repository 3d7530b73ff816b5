"""Another master key: every citizen's key is wrapped anew, and nothing else is opened or written.

Until the last one is done both masters stay in their files: killed anywhere, the next run goes on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.cabinet import rewrapped
from citizens.keyring import WRAPPED
from citizens.store import Change

if TYPE_CHECKING:
    from citizens.cabinet import Cabinet
    from citizens.vault import Vault

SLICE = 500
SETTLES_S = 1.0


class Progress(Struct):
    """How far it is. `done` may pass `total`: citizens come while it goes on."""

    running: bool = False
    done: int = 0
    total: int = 0
    finished: bool = False


class Rotation:
    """One at a time."""

    def __init__(self, cabinet: Cabinet, vault: Vault) -> None:
        self._cabinet, self._vault = cabinet, vault
        self.progress = Progress()

    @property
    def unfinished(self) -> bool:
        """Whether an earlier run was ended before it was through."""
        return self._cabinet.keyring.rotating

    async def run(self) -> None:
        """Raises OSError, KeyFileError, VaultError; begin again then, it goes on where it was."""
        if self.progress.running:
            return
        self.progress = Progress(running=True, total=await self._cabinet.store.count())
        try:
            self._cabinet.keyring.begin()
            await self._cabinet.index.rewrap()
            while await self._pass():  # noqa: ASYNC110 - what another process was just writing: only time tells
                await asyncio.sleep(SETTLES_S)
            while await self._vault.rewrap():
                pass
            self._cabinet.keyring.finish()
            self.progress.finished = True
        finally:
            self.progress.running = False

    async def _pass(self) -> int:
        """How many were wrapped anew."""
        cursor, wrapped, first = 0, 0, True
        self.progress.done = 0
        while first or cursor:
            first = False
            cursor, citizens = await self._cabinet.store.scan(cursor, SLICE)
            raws = await self._cabinet.store.get([f"c:{each}" for each in citizens])
            for citizen, raw in zip(citizens, raws, strict=True):
                self.progress.done += 1
                if raw is None or self._cabinet.keyring.is_current(raw[1 : 1 + WRAPPED]):
                    continue
                fresh = rewrapped(self._cabinet.keyring, citizen, raw)
                name = f"c:{citizen}"
                await self._cabinet.store.swap(Change(expects={name: raw}, sets={name: fresh}))
                wrapped += 1
        return wrapped
