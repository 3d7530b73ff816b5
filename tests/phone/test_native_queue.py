"""The native queue's members on a real Asterisk: in step with the agents, and kept when nobody is left."""

import asyncio

import pytest

from router.core.events import Agent
from tests.phone.until import until
from tests.unit.phone.door import MemoryDoor
from tests.unit.phone.test_gateway import gateway

pytestmark = pytest.mark.asterisk


async def members(lab) -> dict[str, bool]:
    """Interface -> paused, by Asterisk's own console."""
    shown = await asyncio.to_thread(lab.cli, "queue", "show", "guichet-fallback")
    lines = [line.strip() for line in shown.splitlines() if "PJSIP/" in line]
    return {line.split("PJSIP/")[1].split(")")[0].split()[0]: "(paused" in line for line in lines}


async def test_members_follow_the_agents_and_stay_over_a_restart(lab, folder):
    door = MemoryDoor()
    await door.ready("a1", family=5)
    async with gateway(lab, door):
        await until(lambda: _are(lab, {"ag01": False}))
        await door.ready("a2", family=5)
        await door.submit(Agent("a1", "away"))
        await until(lambda: _are(lab, {"ag01": True, "ag02": False}))
        assert "a1 (PJSIP/ag01" in await asyncio.to_thread(lab.cli, "queue", "show", "guichet-fallback")
        await door.submit(Agent("a1", "offline"))
        await door.ready("a3", family=5)
        await until(lambda: _are(lab, {"ag02": False, "ag03": False}))
    await asyncio.to_thread(lab.run, "stop", lab.folder)
    await asyncio.to_thread(lab.run, "start", lab.folder, lab.host)
    assert await members(lab) == {"ag02": False, "ag03": False}, "without a router the queue must work cold"
    await door.submit(Agent("a2", "offline"))
    async with gateway(lab, door, endpoints={"a2": "ag02", "a4": "ag04"}):
        await until(lambda: _are(lab, {}))  # a2 left meanwhile, and ag03 is nobody's any more


async def test_a_member_that_somebody_else_took_out_is_counted_and_put_back(lab, folder):
    door = MemoryDoor()
    await door.ready("a1", family=5)
    drifted: list[str] = []
    async with gateway(lab, door, drift=drifted.append, compare_s=1.0):
        await until(lambda: _are(lab, {"ag01": False}))
        assert drifted == []
        words = "queue remove member PJSIP/ag01 from guichet-fallback"
        await asyncio.to_thread(lab.cli, *words.split())
        await until(lambda: drifted)
        await until(lambda: _are(lab, {"ag01": False}))
    assert drifted == ["member"]


async def _are(lab, wanted: dict[str, bool]) -> bool:
    return await members(lab) == wanted
