"""The owner on a real Redis with the real core: what it promises, when, and on what."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from router.core.digest import digest
from router.core.events import Agent, Answer, Contact, Done, Ended, Gone, Refused, Relax, Takeover, Tick
from router.door import Unavailable
from router.log.inbox import InboxClient
from router.log.pool_log import PoolLog
from router.owner import Owner

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def agent(name="a1", state="ready"):
    return Agent(name, state, skills={"housing": 5})


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


@pytest.fixture
async def owner(owning, redis_server):
    async with owning(redis_server.url) as owner:
        yield owner


async def until(check, seconds=5.0):
    """Waits for something outside."""
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110  # what Redis holds has no event of its own
            await asyncio.sleep(0.01)


async def test_a_life_of_a_contact_is_on_record(owner, entries, replayed):
    heard = []
    owner.listen(heard.append)
    await owner.submit(agent())
    (offer,) = (await owner.submit(contact("c1"))).effects
    assert (offer.agent, offer.contact, offer.via) == ("a1", "c1", "phone-1")
    for event in (Answer(offer.offer, "c1", "a1", "accepted"), Ended("c1"), Done("c1", "a1")):
        assert (await owner.submit(event)).refusal is None
    log = await entries()
    assert log[0].event == Takeover(1)
    assert [entry.n for entry in log] == list(range(1, 7))
    assert [released.entry for released in heard] == log[1:]
    assert log[2].effects == (offer,)
    assert digest(await replayed()) == await owner.read(digest)


async def test_nothing_is_released_before_it_is_durable(owner, redis):
    """At the instant a listener hears of an entry, another connection can read it."""
    seen = []

    async def look(n):
        seen.append(await PoolLog(redis, "main").top() >= n)

    looks = []
    owner.listen(lambda released: looks.append(asyncio.ensure_future(look(released.entry.n))))
    await asyncio.gather(*(owner.submit(contact(f"c{i}")) for i in range(50)))
    await asyncio.gather(*looks)
    assert seen == [True] * 50


async def test_effects_are_dated_before_the_lease_ends(owner, redis):
    heard = []
    owner.listen(heard.append)
    await owner.submit(contact("c1"))
    until_ = int(await redis.hget(PoolLog(redis, "main").keys.lease, "until"))
    assert owner.now() < heard[0].do_before <= until_


async def test_the_clock_goes_on_between_reigns(owning, redis_server):
    async with owning(redis_server.url) as owner:
        before = owner.now()
        await owner.stop()
        assert owner.now() >= before
    assert abs(Owner(owner._log).now() - owner.now()) < 60_000_000


async def test_refused_and_doubled_events_leave_no_trace(owner, entries):
    assert (await owner.submit(contact("c1"))).effects == ()
    assert (await owner.submit(contact("c1"))).duplicate
    refusal = (await owner.submit(Gone("nobody"))).refusal
    assert refusal is not None
    assert refusal.code == "unknown_contact"
    assert len(await entries()) == 2


async def test_a_double_is_answered_only_when_the_first_is_durable(owner, redis_server):
    redis_server.pause()
    first = asyncio.create_task(owner.submit(contact("c1")))
    double = asyncio.create_task(owner.submit(contact("c1")))
    done, _ = await asyncio.wait([first, double], timeout=0.3)
    assert not done
    redis_server.go_on()
    assert not (await first).duplicate
    assert (await double).duplicate


async def test_a_question_waits_for_what_it_would_see(owner, redis_server):
    assert await owner.read(lambda state: "c1" in state.contacts) is False
    redis_server.pause()
    submitting = asyncio.create_task(owner.submit(contact("c1")))
    await asyncio.wait([submitting], timeout=0.1)  # its append is under way
    asking = asyncio.create_task(owner.read(lambda state: "c1" in state.contacts))
    done, _ = await asyncio.wait([submitting, asking], timeout=0.3)
    assert not done
    redis_server.go_on()
    assert await asking is True
    await submitting


async def test_a_question_that_fails_fails_alone(owner):
    with pytest.raises(KeyError):
        await owner.read(lambda state: state.contacts["nobody"])
    await owner.submit(contact("c1"))


async def test_a_listener_that_raises_stops_nobody(owner):
    heard = []

    def broken(released):
        raise RuntimeError

    owner.listen(broken)
    stop = owner.listen(heard.append)
    await owner.submit(contact("c1"))
    stop()
    await owner.submit(contact("c2"))
    assert len(heard) == 1


async def test_timers_fire_by_themselves(owner, entries):
    """Nobody speaks Law at first; its needs relax without anybody asking."""
    ticked = asyncio.Event()
    owner.listen(lambda released: ticked.set() if isinstance(released.entry.event, Tick) else None)
    await owner.submit(agent())
    await owner.submit(Contact("c1", "phone", ({"law": 3},), relax=(Relax(200_000, NEEDS),)))
    await asyncio.wait_for(ticked.wait(), 5)
    contact, tick = (await entries())[-2:]
    assert [effect.agent for effect in tick.effects] == ["a1"]
    assert 200_000 <= tick.at - contact.at < 400_000


async def test_an_idle_owner_keeps_its_lease_and_its_heartbeat(owner, redis, entries):
    key = PoolLog(redis, "main").keys.lease
    before = await redis.hget(key, "until")

    async def renewed():
        return await redis.hget(key, "until") != before

    await until(renewed)
    assert owner.last_append_age() < 1.0
    assert len(await entries()) == 1


async def test_many_at_once_share_round_trips(owner, redis, replayed):
    commands = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    results = await asyncio.gather(*(owner.submit(contact(f"c{i}")) for i in range(1000)))
    assert all(result.refusal is None for result in results)
    after = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert after - commands <= 8
    assert digest(await replayed()) == await owner.read(digest)


async def test_every_512th_entry_carries_the_digest(owner, entries, replayed):
    await asyncio.gather(*(owner.submit(contact(f"c{i}")) for i in range(600)))
    marked = [entry for entry in await entries() if entry.digest]
    assert [entry.n for entry in marked] == [512]
    assert digest(await replayed(512)) == marked[0].digest


async def test_beyond_the_bounded_queue_events_are_refused(redis_server, owning):
    async with owning(redis_server.url, capacity=10) as owner:
        redis_server.pause()
        tasks = [asyncio.create_task(owner.submit(contact(f"c{i}"))) for i in range(30)]
        done, _ = await asyncio.wait(tasks, timeout=0.3)
        redis_server.go_on()
        assert done
        for task in done:
            assert isinstance(task.exception(), Unavailable)
            assert task.exception().code == "overloaded"
        await asyncio.gather(*(task for task in tasks if task not in done))


async def test_stopping_finishes_what_was_taken_and_frees_the_lease(redis_server, redis, owning, entries):
    async with owning(redis_server.url) as owner:
        tasks = [asyncio.create_task(owner.submit(contact(f"c{i}"))) for i in range(10)]
        await asyncio.sleep(0)
        await owner.stop()
        await asyncio.gather(*tasks)
        with pytest.raises(Unavailable) as stopping:
            await owner.submit(contact("late"))
        assert stopping.value.code == "stopping"
    assert len(await entries()) == 11
    assert await redis.hget(PoolLog(redis, "main").keys.lease, "until") == b"0"


async def test_the_next_owner_goes_on_where_the_last_one_was(redis_server, owning, entries):
    async with owning(redis_server.url) as owner:
        await owner.submit(agent())
        await owner.submit(contact("c1"))
        before = await owner.read(lambda state: state.contacts["c1"].rank)
    async with owning(redis_server.url) as owner:
        assert await owner.read(lambda state: state.contacts["c1"].rank) == before
        assert await owner.read(lambda state: state.epoch) == 2
    assert [entry.event for entry in await entries()][-1] == Takeover(2)


def heard(owner, count):
    """Done once so many entries more were released."""
    waiting = asyncio.get_running_loop().create_future()
    left = count

    def listener(released):
        nonlocal left
        left -= 1
        if not left:
            waiting.set_result(None)

    owner.listen(listener)
    return asyncio.wait_for(waiting, 5)


async def test_inbox_events_advance_the_inbox_whatever_becomes_of_them(owner, redis, entries):
    all_four = heard(owner, 4)
    gateway, key = InboxClient(redis, "main", "phone-1"), PoolLog(redis, "main").keys.inbox
    for event in (contact("c1"), contact("c1"), Gone("nobody")):
        await gateway.send(event)
    await redis.xadd(key, {"g": "phone-1", "q": "4", "e": b"\xff"})
    await all_four
    log = (await entries())[1:]
    refused = (Refused("duplicate", "c1"), Refused("unknown_contact", "nobody"), Refused("unreadable"))
    assert tuple(entry.event for entry in log) == (contact("c1"), *refused)
    assert [entry.origin.seq for entry in log] == [1, 2, 3, 4]
    await owner.submit(contact("c2"))  # the next append deletes what is durably consumed
    assert await redis.xlen(key) == 0


async def test_an_envelope_that_comes_twice_is_applied_once(owner, redis, entries):
    both = heard(owner, 2)
    await InboxClient(redis, "main", "phone-1").send(contact("c1"))
    twice = {"g": "phone-1", "q": "1", "e": msgspec.msgpack.encode(Gone("c1"))}
    await redis.xadd(PoolLog(redis, "main").keys.inbox, twice)
    await both
    assert await owner.read(lambda state: state.contacts["c1"].state) == "waiting"
    assert (await entries())[-1].event == Refused("duplicate", "c1")


async def test_the_inbox_waits_for_an_owner(redis_server, redis, owning):
    gateway = InboxClient(redis, "main", "phone-1")
    await asyncio.gather(*(gateway.send(contact(f"c{i}")) for i in range(300)))
    async with owning(redis_server.url) as owner:

        async def all_there():
            return await owner.read(lambda state: state.counts.waiting) == 300

        await until(all_there)
        assert await owner.read(lambda state: state.seen) == {"phone-1": 300}
