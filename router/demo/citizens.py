"""Synthetic citizens: they come in waves, wait, and some leave before they are served."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

from router.demo import chance
from router.demo.api import Api, Away

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from router.demo.api import Json

PREFIX = "demo-"  # of their contacts
INSIST_S = 30.0  # a citizen who is not let in tries again for so long


class Citizens:
    """All of them. What they may want is what the policy offers."""

    def __init__(self, api: Api, random: Random, per_second: float, *, pace: float = 1) -> None:
        self._api = api
        self._random = random
        self._per_second = per_second
        self._pace = pace
        self._here: set[str] = set()  # contacts not known to be over

    async def come(self, topics: Sequence[str], languages: Sequence[str]) -> None:
        """One after the other until cancelled; each lives on their own."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            while True:
                at = (asyncio.get_running_loop().time() - began) * self._pace
                tasks.create_task(self._live(chance.citizen(self._random, topics, languages)))
                await asyncio.sleep(chance.gap(self._random, at, self._per_second) / self._pace)

    async def leave(self) -> None:
        """Everybody hangs up: nobody is left waiting for a demonstration that is over."""
        for contact in list(self._here):
            await self._api.ask("POST", f"/contacts/{contact}/gone")

    async def _live(self, citizen: chance.Citizen) -> None:
        contact = PREFIX + secrets.token_hex(8)
        body = {
            "contact": contact,
            "channel": citizen.channel,
            "topic": citizen.topic,
            "language": citizen.language,
            "vulnerable": citizen.vulnerable,
        }
        self._here.add(contact)  # before anybody answers: the log may have it already
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(INSIST_S):
                await self._enter(body)
        await asyncio.sleep(citizen.patience_s / self._pace)
        while contact in self._here:
            try:
                await self._api.ask(
                    "POST", f"/contacts/{contact}/gone"
                )  # refused if served: so much the better
                self._here.discard(contact)
            except Away as away:
                await asyncio.sleep(away.again_s)

    async def _enter(self, body: Json) -> None:
        """Insist until it is on the log, or refused: the id makes a repeat harmless."""
        while True:
            try:
                await self._api.ask("POST", "/contacts", body)
            except Away as away:
                await asyncio.sleep(away.again_s)
            else:
                return
