"""When Guichet comes back, or Asterisk does: each caller is at their place again, or listed as lost."""

import asyncio

import pytest

from router.core.events import Found, Gateway, Gone, Takeover
from tests.phone.judge import judge, table
from tests.phone.sipp import Call, agents, citizens
from tests.phone.standin import Standin
from tests.phone.until import until
from tests.unit.phone.door import MemoryDoor, one_contact
from tests.unit.phone.test_gateway import PRESS_2_2, gateway

pytestmark = pytest.mark.asterisk

SKILLS = {"family": 5, "lang:en": 5, "housing": 5, "lang:fr": 5}


def native(lab) -> bool:
    """Whether Asterisk's own queue has somebody, by its own record."""
    return lab.record.exists() and '"Queue"' in lab.record.read_text()


async def test_who_fell_into_the_native_queue_comes_back_to_their_place(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door):
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
        before = await door.until(one_contact("waiting"))
        contact, rank = before.contact, before.rank
    await until(lambda: native(lab))
    await door.submit(Takeover(2))
    async with gateway(lab, door) as phone, agents(lab, folder) as phones:
        await door.until(lambda state: state.contacts[contact].state == "waiting")
        await door.ready("a1", **SKILLS)
        served = await door.until(one_contact("connected"))
        assert (served.contact, served.rank) == (contact, rank)
        assert phone.counted["readopted"] == 1
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert judgement.faults == [], table(judgement)
    assert [len(verdict.agents) for verdict in judgement.verdicts.values()] == [1]
    told = [type(event) for event in door.events(Gone, Found, Gateway)]
    assert told == [Gateway, Gone, Found, Gateway], "they are back before offers may be made"


async def test_who_came_while_there_was_no_guichet_is_taken_in(lab, folder):
    door = MemoryDoor()
    calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")]))
    await until(lambda: native(lab))
    async with gateway(lab, door) as phone, agents(lab, folder) as phones:
        contact = await door.until(one_contact("waiting"))
        assert (contact.topic, contact.language, contact.via) == ("housing", "fr", "phone")
        assert contact.arrived_at < contact.since, "what was waited in the native queue counts"
        assert phone.shelf.records[contact.contact]["called"].startswith("3230")
        await door.ready("a1", **SKILLS)
        await door.until(one_contact("connected"))
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert judgement.faults == [], table(judgement)
    assert door.refused == []


async def test_a_conversation_of_the_native_queue_is_not_torn(lab, folder):
    door = MemoryDoor()
    async with agents(lab, folder, talk=(6000, 6000)) as phones:
        async with Standin(lab, members=["ag01"]) as router:
            calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")]))
            await router.heard(lambda event: event.get("Event") == "BridgeEnter", count=2)
        await door.ready("a1", **SKILLS)
        async with gateway(lab, door):
            log = await calls
    judgement = judge(lab.record, log, phones)
    [verdict] = judgement.verdicts.values()
    assert (verdict.outcome, verdict.agents, judgement.faults) == ("fallback", ["ag01"], []), table(judgement)
    assert door.state.contacts == {}


async def test_a_log_that_was_away_gets_its_callers_back(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door), agents(lab, folder):
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
        before = await door.until(one_contact("waiting"))
        rank = before.rank
        door.away = True
        await until(lambda: native(lab))
        door.away = False
        await door.until(lambda state: door.events(Gone) and one_contact("waiting")(state))
        await door.ready("a1", **SKILLS)
        served = await door.until(one_contact("connected"))
        assert served.rank == rank
        await calls


async def test_a_dead_asterisk_leaves_nobody_waiting_and_all_listed_at_their_rank(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door), agents(lab, folder, talk=(60_000, 60_000)):
        pair = [Call("32300001"), Call("32300002", delay=2500)]
        calls = asyncio.create_task(citizens(lab, folder, pair, keyed=PRESS_2_2))
        await door.ready("a1", **SKILLS)
        talking = (await door.until(one_contact("connected"))).contact
        waiting = await door.until(one_contact("waiting"))
        rank = waiting.rank
        await asyncio.to_thread(lab.run, "kill", lab.folder)
        await door.until(lambda state: state.gateways.get("phone") == "down")
        assert waiting.state == "waiting", "until Asterisk is back nobody knows"
        await asyncio.to_thread(lab.run, "start", lab.folder, lab.host)
        lost = await door.until(one_contact("gone"))
        assert (lost.contact, lost.reason, lost.rank) == (waiting.contact, "lost", rank)
        await door.until(lambda state: state.contacts[talking].state in ("wrap_up", "ended"))
        await door.until(lambda state: state.gateways.get("phone") == "up")
        calls.cancel()
        await asyncio.gather(calls, return_exceptions=True)
    assert "absent" not in {event.where for event in door.events(Found)}
