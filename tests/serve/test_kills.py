"""`kill -9` at random moments under load from the API: nothing acknowledged is lost, and replay agrees."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from router.core.digest import digest
from router.replay.proof import replay, states
from tests.serve.process import Process

pytestmark = [pytest.mark.redis, pytest.mark.timeout(180)]

AGENTS = [f"ag{n:02}" for n in range(1, 9)]
TOPICS = ("housing", "family", "disability", "employment", "rights", "technical")
KILLS = 5
GONE = (aiohttp.ClientError, ConnectionError, TimeoutError)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(tmp_path)
    await process.start()
    yield process
    await process.stop()


async def test_killed_under_load_nothing_acknowledged_is_lost(site: Process, tmp_path: Path):
    seed = time.time_ns() % 10**6
    print(f"seed {seed}")
    rnd = random.Random(seed)
    acknowledged: dict[str, float] = {}  # contact -> its arrival as it was told
    told: dict[int, str] = {}  # entry -> digest of the state, as told over HTTP
    for turn in range(KILLS):
        load = [asyncio.create_task(citizens(site, acknowledged, f"{turn}-{n}", rnd)) for n in range(4)]
        load += [asyncio.create_task(serves(site, agent, rnd)) for agent in AGENTS]
        await asyncio.sleep(rnd.uniform(0.4, 1.2))  # the moment of death is what is drawn
        await site.kill()
        await asyncio.gather(*load)
        await site.start()
        standing = await site.state()
        told[standing["entry"]] = standing["digest"]
        for contact, arrived_at in acknowledged.items():
            status, story = await site.ask("GET", f"contacts/{contact}", "demo-supervisor")
            assert status == 200, f"{contact} was acknowledged and is lost (seed {seed})"
            assert story["contact"]["arrived_at"] == arrived_at, f"{contact} lost its place (seed {seed})"
    assert len(acknowledged) > 50
    assert await site.stop() == 0
    archive = tmp_path / "var" / "archive"
    repeated = {entry.n: digest(state) for entry, state in states(archive) if entry.n in told}
    assert repeated == told, f"seed {seed}"
    assert replay(archive).last >= max(told)
    await site.start()


async def citizens(site: Process, acknowledged: dict[str, float], name: str, rnd: random.Random) -> None:
    """Arrive as fast as they are acknowledged, until the process dies."""
    for number in range(10_000):
        contact = f"c-{name}-{number}"
        body = {"contact": contact, "channel": "chat", "topic": rnd.choice(TOPICS), "language": "fr"}
        try:
            status, told = await site.ask("POST", "contacts", "demo-operator", body)
        except GONE:
            return
        if status == 201:
            acknowledged[contact] = told["arrived_at"]


async def serves(site: Process, agent: str, rnd: random.Random) -> None:
    """Log in; accept, end and wrap up whatever is there, until the process dies."""
    token = f"demo-agent-{agent}"
    try:
        await site.ask("PUT", f"agents/{agent}/state", token, {"state": "ready"})
        while True:
            _, me = await site.ask("GET", f"agents/{agent}", token)
            for held in me["in_hand"]:
                contact = held["contact"]
                if held["state"] == "offered":
                    _, story = await site.ask("GET", f"contacts/{contact}", token)
                    answer = {"answer": rnd.choice(("accepted", "accepted", "declined"))}
                    if story.get("offers"):
                        offer = story["offers"][-1]["offer"]
                        await site.ask("POST", f"offers/{offer}/answer", token, answer)
                else:
                    done = "ended" if held["state"] == "connected" else "done"
                    await site.ask("POST", f"contacts/{contact}/{done}", token)
    except GONE:
        return
