"""Ten thousand connections to the menu's port that close at once, while calls go on: nobody loses a call."""

import asyncio

import pytest

from tests.phone.guichet import serve
from tests.phone.judge import judge, table
from tests.phone.sipp import Call, Keys, agents, citizens

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

SCANS, CALLS, EVERY_MS = 10_000, 20, 250


async def scan(host: str, port: int, calls: asyncio.Task) -> int:
    """As fast as this process can, until the last call has begun its menu and all were made."""
    made = 0
    while made < SCANS:
        for _, writer in await asyncio.gather(*(asyncio.open_connection(host, port) for _ in range(50))):
            writer.transport.abort()
        made += 50
        assert not calls.done() or made >= SCANS // 2, "the calls were over before the scan had begun"
    return made


async def test_ten_thousand_connections_that_close_cost_nobody_a_call(lab, folder):
    async with serve(lab, folder) as guichet, agents(lab, folder, talk=(300, 300)) as phones:
        await guichet.ready(*guichet.tree["agents"])
        language, topic = guichet.key("languages", "fr"), guichet.key("topics", "housing")
        keyed = Keys([(1200, language), (1500, topic)], "info")
        made = [Call(f"3230{number:04}", number * EVERY_MS, 30_000) for number in range(CALLS)]
        calls = asyncio.create_task(citizens(lab, folder, made, keyed=keyed))
        host, port = lab.agi.split(":")
        assert await scan(host, int(port), calls) == SCANS
        log = await calls
        counted = await guichet.metrics()
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": CALLS}, []), table(judgement)
    assert f'what="agi_garbage"}} {SCANS}.0' in counted
