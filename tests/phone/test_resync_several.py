"""Several Asterisks: calls on both reach the same agents, and one gateway at a time steers each."""

import asyncio
import os
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from router.log.connection import connect
from router.log.owned import OwnedRedis
from router.phone.leases import AsteriskLease
from tests.phone import guichet as real
from tests.phone.guichet import serve
from tests.phone.judge import judge, table
from tests.phone.lab import Lab
from tests.phone.sipp import Call, agents, citizens
from tests.phone.until import until
from tests.unit.phone.door import MemoryDoor
from tests.unit.phone.test_gateway import gateway

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]


@pytest.mark.timeout(120)
async def test_calls_on_two_asterisks_are_served_and_no_agent_has_two(lab, folder):
    os.mkdir(folder / "2")
    with Lab(folder / "second") as other:

        def configure(lab, folder, http):
            config = real.configure(lab, folder, http)
            second = real.phone(other).partition("phone:\n")[2].replace("\n    ", "\n      ")
            text = (config / "phone.yaml").read_text()
            (config / "phone.yaml").write_text(f"{text}  phones:\n    second:\n  {second}")
            return config

        both = agents(lab, folder), agents(other, folder / "2")
        async with serve(lab, folder, configure) as guichet, both[0] as phones, both[1] as others:
            await until(lambda: _linked(guichet, 2))
            await guichet.ready("ag01", "ag02", "ag03")
            first = [Call(f"3230{number:04}", 300 * number) for number in range(6)]
            second = [Call(f"3230{number:04}", 300 * number) for number in range(100, 106)]
            logs = await asyncio.gather(citizens(lab, folder, first), citizens(other, folder / "2", second))
            assert await guichet.drift() == []
        here, there = judge(lab.record, logs[0], phones), judge(other.record, logs[1], others)
    assert (here.faults, there.faults) == ([], []), table(here) + table(there)
    assert (here.counts(), there.counts()) == ({"served": 6}, {"served": 6})
    talks = sorted(
        (leg.agent, leg.bridged, leg.ended) for leg in (*here.legs, *there.legs) if leg.bridged is not None
    )
    for (agent, _, ended), (next_agent, began, _) in pairwise(talks):
        assert agent != next_agent or ended <= began, "one agent in two calls"


async def _linked(guichet, count: int) -> bool:
    lines = (await guichet.metrics()).splitlines()
    surveys = [line for line in lines if line.startswith("guichet_phone_total") and 'what="surveys"' in line]
    return float(surveys[0].split()[-1]) >= count


@asynccontextmanager
async def redis(folder):
    owned = OwnedRedis(folder / "redis", "everysec")
    await owned.start()
    client = connect(owned.url)
    try:
        yield client
    finally:
        await client.aclose()
        await owned.stop()


async def test_one_gateway_at_a_time_steers_an_asterisk(lab, folder):
    """Two pools name the same Asterisk: the second acts only once the first has let go."""
    async with redis(folder) as client:
        leases = [AsteriskLease(client, lab.host, lab.ami_port) for _ in range(2)]
        doors = MemoryDoor(), MemoryDoor()
        async with gateway(lab, doors[0], lease=leases[0]) as first:
            assert leases[0].held()
            idle = asyncio.ensure_future(_second(lab, doors[1], leases[1]))
            await asyncio.wait([idle], timeout=2.5)  # longer than a lease lasts: it was renewed
            assert not idle.done()
            assert not leases[1].held()
            assert first.linked
        assert await idle
        assert not leases[0].held()


async def _second(lab, door, lease) -> bool:
    lab = _Elsewhere(lab)
    async with gateway(lab, door, lease=lease) as phone:
        return phone.linked


class _Elsewhere:
    """The same Asterisk, another port for its calls."""

    def __init__(self, lab: Lab) -> None:
        self.host, self.ami_port, self.folder, self.agi = lab.host, lab.ami_port, lab.folder, f"{lab.host}:0"


async def test_a_lease_that_is_not_renewed_lapses_and_is_not_held(folder):
    async with redis(folder) as client:
        first, second = AsteriskLease(client, "h", 1), AsteriskLease(client, "h", 1)
        door = MemoryDoor()
        news: list[bool] = []
        keeping = asyncio.ensure_future(first.keep(door, news.append))
        await until(lambda: news == [True])
        keeping.cancel()
        taking = asyncio.ensure_future(second.keep(door, lambda held: news.append(held)))
        await until(lambda: news == [True, True])
        assert second.held()
        assert not first.held()
        taking.cancel()
        await asyncio.gather(keeping, taking, return_exceptions=True)
