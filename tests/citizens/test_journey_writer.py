"""What the log says of contacts is in their citizens' journeys: once, in order, over restarts."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from citizens.claim import Claim
from citizens.spelling import spell
from router.core.events import Agent, Answer, Choice, Contact, Done, Ended, Gone
from router.journey import JourneyWriter
from router.log.pool_log import PoolLog
from tests.log.conftest import _owning

pytestmark = pytest.mark.redis
NEEDS = ({"tax": 1},)


@contextlib.asynccontextmanager
async def writing(redis, site, owner):
    writer = JourneyWriter(PoolLog(redis, "main"), owner, site.register, site.store)
    stop = owner.listen(writer.hear)
    running = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        stop()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def told(site, citizen, count):
    """The journey, once it has so many entries."""
    async with asyncio.timeout(20):
        while True:
            journey = await site.register.journey(citizen)
            if len(journey.entries) >= count:
                return journey
            await asyncio.sleep(0.02)


async def serve_one(owner, contact, citizen):
    await owner.submit(Contact(contact, "phone", NEEDS, citizen=citizen, topic="tax", language="fr"))
    offer = await owner.read(lambda state: state.contacts[contact].offer)
    for event in (Answer(offer, contact, "ag1", "accepted"), Ended(contact, "ag1"), Done(contact, "ag1")):
        assert (await owner.submit(event)).refusal is None


async def test_a_served_contact_is_told_in_order_and_nothing_is_open(redis_url, redis, site):
    met = await site.register.meet([Claim(spell("phone", "+33199001234"), "caller_id")], "phone")
    async with _owning(redis_url) as owner, writing(redis, site, owner):
        await owner.submit(Agent("ag1", "ready", skills={"tax": 5}))
        await serve_one(owner, "c-1", met.citizen)
        await owner.submit(Contact("c-2", "phone", ({"none": 9},), citizen=met.citizen, topic="tax"))
        journey = await told(site, met.citizen, 4)
    assert [each.what for each in journey.entries] == ["asked", "accepted", "ended", "asked"]
    assert [each.contact for each in journey.open] == ["c-2"]
    again = await site.register.recognise([Claim(spell("phone", "+33199001234"), "caller_id")], "phone")
    assert (again.likely, again.facts.prefers, again.facts.language) == ((met.citizen,), ("ag1",), "fr")
    assert not again.facts.journey


async def test_over_restarts_each_entry_is_written_once(redis_url, redis, site):
    met = await site.register.meet([], "phone")
    async with _owning(redis_url) as owner:
        await owner.submit(Agent("ag1", "ready", skills={"tax": 5}))
        for number in range(6):
            async with writing(redis, site, owner):
                await serve_one(owner, f"c-{number}", met.citizen)
                if number % 2:
                    await told(site, met.citizen, 3 * number)
            await serve_one(owner, f"d-{number}", met.citizen)  # nobody writes
        await redis.delete("citizens:{citizens}:n:main")  # and all of it is told again
        async with writing(redis, site, owner):
            journey = await told(site, met.citizen, 36)
            await serve_one(owner, "last", met.citizen)
            journey = await told(site, met.citizen, 39)
    kept = await redis.llen(f"citizens:{{citizens}}:j:{met.citizen}")
    assert len(journey.entries) == kept == 39
    assert [each.what for each in journey.entries] == ["asked", "accepted", "ended"] * 13


async def test_who_is_written_down_a_moment_later_misses_nothing(redis_url, redis, site):
    met = await site.register.recognise([], "phone")
    async with _owning(redis_url) as owner, writing(redis, site, owner) as writer:
        await owner.submit(Contact("c-1", "phone", NEEDS, citizen=met.citizen))
        await owner.submit(Gone("c-1"))
        await asyncio.sleep(0.5)
        assert writer.position < await owner.read(lambda state: state.n)
        await site.register.settle(met, [], "phone")
        journey = await told(site, met.citizen, 2)
    assert [each.what for each in journey.entries] == ["asked", "gone"]


async def test_strangers_and_the_erased_are_passed_over_and_hold_nothing_up(
    redis_url, redis, site, monkeypatch
):
    monkeypatch.setattr("router.journey.writer.SETTLES_IN", 0.5)
    async with _owning(redis_url) as owner, writing(redis, site, owner) as writer:
        await owner.submit(Contact("c-1", "phone", NEEDS, citizen="z-" + "0" * 20))
        await owner.submit(Contact("c-2", "phone", NEEDS, citizen="somebody-of-another-system"))
        await owner.submit(Contact("c-3", "phone", NEEDS))
        await owner.submit(Choice("c-3", "chat", "refused"))
        top = await owner.read(lambda state: state.n)
        async with asyncio.timeout(20):
            while writer.position < top:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert await redis.keys("citizens:*:j:*") == []


async def test_who_cannot_be_written_keeps_nobody_from_being_written(redis_url, redis, site, caplog):
    """One whose record is damaged, one who was erased, one who is read by somebody else meanwhile."""
    mets = [await site.register.meet([], "phone") for _ in range(12)]  # more than go together
    damaged, erased = mets[3].citizen, mets[5].citizen
    await redis.set(f"citizens:{{citizens}}:c:{damaged}", b"\x01damaged")
    await redis.delete(f"citizens:{{citizens}}:c:{erased}")
    async with _owning(redis_url) as owner, writing(redis, site, owner):
        for number, met in enumerate(mets):
            await owner.submit(Contact(f"c-{number}", "phone", NEEDS, citizen=met.citizen))
            await owner.submit(Gone(f"c-{number}"))
        for met in mets:
            if met.citizen not in (damaged, erased):
                assert [each.what for each in (await told(site, met.citizen, 2)).entries] == ["asked", "gone"]
    assert {record.message for record in caplog.records if "passed over" in record.message} == {
        f"passed over: the record of {damaged} is damaged or of another version"
    }
