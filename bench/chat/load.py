"""Opens the chats, writes at a steady rate, cuts sockets at random, and waits until everything was heard."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

import aiohttp
from msgspec import Struct

from bench.chat.people import Agent, Citizen, Record

SETTLE_S = 60.0  # for what is still on the way at the end
OPENING = 8  # chats opened at a time
LOOK_S = 0.005  # the pause of the task that measures how late the client's own loop is


class Load(Struct, frozen=True):
    """`rate`: messages a second over all chats; `cuts`: sockets a second that lose their connection."""

    chats: int = 2000
    rate: float = 200
    cuts: float = 0
    seconds: float = 30
    seed: int = 1


async def run(
    url: str, load: Load, names: list[str], opened: Callable[[], None], written: Callable[[], None]
) -> Record:
    """Returns what was said and heard, and how long it took.

    `opened`: every chat is with somebody. `written`: the last message was said.
    """
    chance, record = random.Random(load.seed), Record()
    agents = {name: Agent(url, name, record) for name in names}
    citizens: dict[str, Citizen] = {}
    async with aiohttp.ClientSession(f"{url}api/v1/") as session:
        for name in names:
            await _ask(session, "PUT", f"agents/{name}/state", f"demo-agent-{name}", {"state": "ready"})
        holder: dict[str, str] = {}
        begun = iter(range(load.chats))

        async def open_some() -> None:
            for _ in begun:
                citizen = Citizen(url, record)
                chat, agent = await _served(session, citizen)
                citizens[chat], holder[chat] = citizen, agent

        await asyncio.gather(*(open_some() for _ in range(OPENING)))
        opened()
        late = asyncio.create_task(_late(record))
        used = time.process_time()
        await _write(load, chance, citizens, agents, holder)
        record.used = time.process_time() - used
        late.cancel()
        written()
        async with asyncio.timeout(SETTLE_S):
            while record.owed:  # noqa: ASYNC110 - a benchmark looks on from outside
                await asyncio.sleep(0.1)
    for person in (*citizens.values(), *agents.values()):
        person.running.cancel()
    return record


async def _write(load: Load, chance: random.Random, citizens, agents, holder) -> None:
    chats = sorted(citizens)
    loop = asyncio.get_running_loop()
    start, said, cut = loop.time(), 0, 0
    while (now := loop.time() - start) < load.seconds:
        while said < now * load.rate:
            chat = chance.choice(chats)
            await (citizens[chat].say() if chance.random() < 0.5 else agents[holder[chat]].say(chat))
            said += 1
        while cut < now * load.cuts:
            people = list(citizens.values()) if chance.random() < 0.8 else list(agents.values())
            chance.choice(people).cut()
            cut += 1
        await asyncio.sleep(0.002)


async def _late(record: Record) -> None:
    """How late this process wakes up: so much of each time is the client's own, about."""
    while True:
        due = time.perf_counter() + LOOK_S
        await asyncio.sleep(LOOK_S)
        record.late.append(max(0.0, time.perf_counter() - due))


async def _served(session: aiohttp.ClientSession, citizen: Citizen) -> tuple[str, str]:
    """The chat, once somebody has taken it, and who."""
    while citizen.client.standing.get("state") != "waiting":  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.02)
    chat = citizen.client.chat
    while True:
        story = await _ask(session, "GET", f"contacts/{chat}", "demo-supervisor")
        for offer in story["offers"]:
            if offer["state"] == "open":
                answer, agent = f"offers/{offer['offer']}/answer", offer["agent"]
                await _ask(session, "POST", answer, f"demo-agent-{agent}", {"answer": "accepted"})
                return chat, agent
        await asyncio.sleep(0.02)


async def _ask(
    session: aiohttp.ClientSession, method: str, path: str, token: str, body: object = None
) -> dict:
    async with session.request(
        method, path, json=body, headers={"Authorization": f"Bearer {token}"}
    ) as reply:
        return await reply.json()
