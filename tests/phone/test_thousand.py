"""A thousand calls of every kind at once, each of which must end in exactly one way.

Agents' phones answer, are busy, say nothing, ring in vain or are not registered; citizens leave in the menu,
while they wait, while a phone rings, just after the answer; conversations are passed on. What happened is
judged from Asterisk's channel events and SIPp's logs alone. `./test` makes 150 calls; all thousand are

    python -m pytest -m soak tests/phone/test_thousand.py
"""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from router.replay.proof import replay
from tests.phone.guichet import Guichet, configure, serve
from tests.phone.judge import Judgement, judge, table
from tests.phone.lab import PRIVATE, Lab, free_ports
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

ABSENT = "ag20"  # whose phone never registered
TRANSFERRED, CONSULTED = "rights", "employment"  # who asks for these is passed on to somebody else, once
PER_SECOND = 7


@pytest.mark.timeout(180)
async def test_a_hundred_and_fifty_calls_each_end_in_one_way(folder):
    await each_call_ends_in_exactly_one_way(folder, 150)


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_a_thousand_calls_each_end_in_one_way(folder):
    await each_call_ends_in_exactly_one_way(folder, 1000)


async def each_call_ends_in_exactly_one_way(folder: Path, count: int) -> None:
    chance = random.Random(count)
    with Lab(folder / "asterisk", without_the_phone_of(ABSENT, folder / "etc")) as lab:
        async with (
            serve(lab, folder, short_ring) as guichet,
            agents(lab, folder, "mixed", talk=(1000, 4000), busy=0.06, silent=0.08, vain=0.06) as phones,
        ):
            await guichet.ready(*guichet.tree["agents"])
            topics, wanted, hasty = people(guichet, count, chance)
            called = {topic: set() for topic in guichet.tree["topics"]}
            for call, topic in zip(wanted, topics, strict=True):
                called[topic].add(call.number)
            passed = PassedOn(guichet)
            async with meanwhile(bring_back(guichet), passed.watch()):
                (folder / "hasty").mkdir()
                logs = await asyncio.gather(
                    citizens(
                        lab, folder, wanted, keyed=Keys([(1200, "[field3]"), (1500, "[field4]")], "info")
                    ),
                    citizens(lab, folder / "hasty", hasty, port=free_ports(1)[0]),
                )
            await until(lambda: settled(guichet), 30)
    said = folder / "all-citizens.log"
    said.write_bytes(b"".join(log.read_bytes() for log in logs))
    judgement = judge(lab.record, said, phones, moved=called[TRANSFERRED] | called[CONSULTED])
    print(table(judgement))
    print(f"legs {len(judgement.legs)}, passed on {dict(passed.answers)}", misfortunes(phones))
    assert judgement.faults == []
    counts = judgement.counts()
    assert counts.total() == count
    assert set(counts) <= {"served", "abandoned", "fallback"}
    assert min(counts["served"], counts["abandoned"]) > count / 20, (
        f"the load must make both happen: {counts}"
    )
    assert min(misfortunes(phones).values()) > 0, "every misfortune must have happened"
    for topic, done in ((TRANSFERRED, "transfer 200"), (CONSULTED, "control 200")):
        assert_passed_on(judgement, called[topic], passed.answers[done])
    assert replay(folder / "var" / "archive").effects >= counts["served"]


def people(guichet: Guichet, count: int, chance: random.Random) -> tuple[list[str], list[Call], list[Call]]:
    """Who calls: what each asks for, the citizens who key it, and the hasty who leave in the menu."""
    arrivals = [round(chance.uniform(0, 1000 * count / PER_SECOND)) for _ in range(count)]
    hasty, wanted, topics = [], [], []
    for number, arrival in enumerate(arrivals):
        called = f"3230{number:04}"
        if chance.random() < 0.1:
            hasty.append(Call(called, arrival, chance.randint(0, 3500)))
            continue
        language = chance.choices(("fr", "en", "ar"), weights=(8, 1, 1))[0]
        topics.append(chance.choice(list(guichet.tree["topics"])))
        patience = chance.choices(
            (chance.randint(0, 1200), chance.randint(1_000, 12_000), 45_000), weights=(3, 3, 4)
        )[0]  # while the phone rings or just answered; while they wait or talk; hardly ever
        keys = guichet.key("languages", language), guichet.key("topics", topics[-1])
        wanted.append(Call(called, arrival, patience, keys))
    return topics, wanted, hasty


def without_the_phone_of(agent: str, etc: Path) -> Path:
    shutil.copytree(PRIVATE.parent / "etc", etc)
    file = etc / "pjsip_agents.conf"
    text = file.read_text()
    place = f"contact = sip:{agent}@@AGENTS@\n"
    assert place in text
    file.write_text(text.replace(place, ""))
    return etc


def short_ring(lab: Lab, folder: Path, http: int) -> Path:
    """A phone rings for two seconds only: nobody here has longer."""
    config = configure(lab, folder, http)
    with (config / "phone.yaml").open("a") as file:
        file.write("    ring_s: 2\n")
    return config


async def bring_back(guichet: Guichet) -> None:
    """Agents whose misses have made them away are made ready again, as a supervisor would."""
    while True:
        found = await guichet._ask("GET", "/agents", "demo-supervisor")
        await guichet.ready(*(each["agent"] for each in found["agents"] if each["state"] == "away"))
        await asyncio.sleep(1)  # nothing tells: a supervisor looks now and then


class PassedOn:
    """Each conversation about TRANSFERRED is passed on blindly, about CONSULTED after asking a colleague."""

    def __init__(self, guichet: Guichet) -> None:
        self.guichet = guichet
        self.answers: Counter[str] = Counter()  # what was asked, with the status of Guichet's answer
        self._done: set[str] = set()

    async def watch(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for contact in await self.guichet.contacts("connected"):
                    if contact["contact"] not in self._done and contact["topic"] in (TRANSFERRED, CONSULTED):
                        self._done.add(contact["contact"])
                        blindly = contact["topic"] == TRANSFERRED
                        group.create_task(self._transfer(contact) if blindly else self._consult(contact))
                await asyncio.sleep(0.2)  # an agent needs a moment to find that another knows better

    async def _transfer(self, contact: dict) -> None:
        await self._ask(contact, "transfer", topic="technical")

    async def _consult(self, contact: dict) -> None:
        found = await self.guichet._ask("GET", "/agents", "demo-supervisor")
        ready = [each for each in found["agents"] if each["state"] == "ready" and not each["phones"]]
        longest = max(ready, key=lambda each: each["idle_s"] or 0)
        if await self._ask(contact, "consult", agent=longest["agent"]) == 200:
            await self._ask(contact, "control", what="complete")

    async def _ask(self, contact: dict, path: str, **body: str) -> int:
        """By the contact's agent. The conversation may end by itself meanwhile: any answer is counted."""
        headers = {"Authorization": f"Bearer demo-agent-{contact['agent']}"}
        url = f"/api/v1/contacts/{contact['contact']}/{path}"
        async with self.guichet.session.post(url, headers=headers, json=body) as answer:
            self.answers[f"{path} {answer.status}"] += 1
            return answer.status


@asynccontextmanager
async def meanwhile(*works: Coroutine[Any, Any, None]):
    """These go on while the block does. One that breaks breaks the test."""
    tasks = [asyncio.create_task(work) for work in works]
    yield
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(ended, asyncio.CancelledError), ended


def assert_passed_on(judgement: Judgement, numbers: set[str], done: int) -> None:
    """As many as were passed on have talked with a second agent, or have left before they could."""
    verdicts = [verdict for verdict in judgement.verdicts.values() if verdict.number in numbers]
    second = [verdict for verdict in verdicts if len(verdict.agents) > 1]
    left = [verdict for verdict in verdicts if len(verdict.agents) == 1 and verdict.left]
    assert second
    assert len(second) + len(left) >= done > 0, "somebody was passed on and then dropped"


def misfortunes(phones: Path) -> dict[str, int]:
    text = phones.read_text()
    return {did: text.count(f" {did} ") for did in ("busy", "silent", "cancelled")}


async def settled(guichet: Guichet) -> bool:
    """Guichet agrees that nobody waits or talks any more."""
    return not [*await guichet.contacts("waiting"), *await guichet.contacts("connected")]
