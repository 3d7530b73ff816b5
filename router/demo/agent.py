"""A synthetic agent: logs in, listens, answers offers, talks, writes notes, takes breaks.

What it does follows only from what the API tells, so it goes on after a restart of either side with the
contacts it had in hand. With `phones`, calls that it did not see made by a synthetic citizen are left to the
telephone: there the gateway answers and ends.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from router.demo import chance
from router.demo.api import Api, Away
from router.demo.citizens import PREFIX

if TYPE_CHECKING:
    from random import Random

    from router.demo.api import Json

Stage = tuple[str, str]  # (state of the contact, the offer while it is one)


class Agent:
    """One agent, by pseudonym."""

    def __init__(self, name: str, api: Api, random: Random, *, pace: float = 1, phones: bool = False) -> None:
        self._name = name
        self._api = api
        self._random = random
        self._pace = pace
        self._phones = phones
        self._hands: dict[str, Stage] = {}
        self._wanted = "ready"
        self._tasks: asyncio.TaskGroup

    async def work(self) -> None:
        """Work until cancelled, through every restart of Guichet."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._breaks())
            while True:
                with contextlib.suppress(Away, aiohttp.ClientError, TimeoutError):
                    await self._listen()  # until Guichet restarts: then come again
                await self._time(self._random.uniform(0.5, 1.5))

    async def leave(self) -> None:
        """Log out and finish what is in hand."""
        _, me = await self._say("offline")
        for held in me.get("in_hand", ()):
            await self._api.ask("POST", f"/contacts/{held['contact']}/ended")
            await self._api.ask("POST", f"/contacts/{held['contact']}/done")

    async def _listen(self) -> None:
        """Take part until the connection ends."""
        async with self._api.live() as socket:
            await self._arrive()
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(msgspec.json.decode(message.data))

    async def _arrive(self) -> None:
        """Be ready, and take up what was in hand before."""
        status, me = await self._say(self._wanted)
        if status != 200:
            raise Away
        here = {held["contact"] for held in me["in_hand"]}
        self._hands = {contact: stage for contact, stage in self._hands.items() if contact in here}
        for held in me["in_hand"]:
            if held["state"] != "offered":
                self._see(held["contact"], (held["state"], ""), held["channel"])
                continue
            status, story = await self._api.ask("GET", f"/contacts/{held['contact']}")
            for offer in story.get("offers", ()):
                if offer["state"] == "open":
                    self._see(held["contact"], ("offered", offer["offer"]), held["channel"])

    def _hear(self, message: Json) -> None:
        match message:
            case {"type": "offer", "contact": contact, "offer": offer, "channel": channel}:
                self._see(contact, ("offered", offer), channel)
            case {"type": "withdraw", "contact": contact}:
                self._hands.pop(contact, None)
            case {"type": "contact", "contact": {"contact": contact, "state": state} as seen}:
                if state in ("connected", "wrap_up") and seen["agent"] == self._name:
                    self._see(contact, (state, ""), seen["channel"])
                elif state != "offered":
                    self._hands.pop(contact, None)
            case {"type": "agent", "agent": {"agent": self._name, "state": "away"}}:
                if self._wanted == "ready":  # set away for missed offers
                    self._tasks.create_task(self._come_back())

    def _see(self, contact: str, stage: Stage, channel: str) -> None:
        if self._hands.get(contact) == stage:
            return
        self._hands[contact] = stage
        by_phone = self._phones and channel == "phone" and not contact.startswith(PREFIX)
        if not by_phone or stage[0] == "wrap_up":
            self._tasks.create_task(self._do(contact, stage))

    async def _do(self, contact: str, stage: Stage) -> None:
        """Take one's time, then the next step, if that is still what is to be done."""
        state, _ = stage
        answer = chance.answer(self._random)
        await self._time(chance.delay(self._random, state))
        while self._hands.get(contact) == stage and (state, answer) != ("offered", "missed"):
            try:
                await self._api.ask("POST", *_next_step(contact, stage, answer))
                return
            except Away as away:
                await asyncio.sleep(away.again_s)

    async def _breaks(self) -> None:
        while True:
            await self._time(self._random.expovariate(1 / 150))
            self._wanted = "away"
            await self._tell("away")
            await self._time(self._random.uniform(8, 25))
            self._wanted = "ready"
            await self._tell("ready")

    async def _come_back(self) -> None:
        await self._time(self._random.uniform(4, 8))
        if self._wanted == "ready":
            await self._tell("ready")

    async def _tell(self, state: str) -> None:
        with contextlib.suppress(Away):  # the next arrival says it
            await self._say(state)

    async def _time(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._pace)

    async def _say(self, state: str) -> tuple[int, Json]:
        body = {"state": state}
        if state == "away":
            body["reason"] = self._random.choice(chance.REASONS)
        return await self._api.ask("PUT", f"/agents/{self._name}/state", body)


def _next_step(contact: str, stage: Stage, answer: str) -> tuple[str, Json | None]:
    """Address and body of the request that ends this stage."""
    state, offer = stage
    if state == "offered":
        return f"/offers/{offer}/answer", {"answer": answer}
    return f"/contacts/{contact}/{'ended' if state == 'connected' else 'done'}", None
