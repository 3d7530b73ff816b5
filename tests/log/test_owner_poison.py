"""Events that `step` cannot digest: put aside, on record, and everything else goes on."""

from __future__ import annotations

import asyncio

import pytest

from router.core.digest import digest
from router.core.events import Agent, Contact, Gone, Refused, Relax, Takeover, Tick
from router.core.step import step
from router.door import Unavailable
from router.log.errors import LogUnreachable, Stuck
from router.log.inbox import InboxClient
from router.log.pool_log import PoolLog
from router.owner import Owner, reign

pytestmark = pytest.mark.redis

NEEDS = ({"housing": 3},)


def contact(name):
    return Contact(name, "phone", NEEDS, via="phone-1")


def poisonous(state, event, at, origin=None):
    """The real step, with a fault that strikes after it has changed the state."""
    result = step(state, event, at, origin)
    if getattr(event, "contact", "") == "poison" and not isinstance(event, Refused):
        raise ZeroDivisionError
    return result


async def test_poison_is_put_aside_and_everything_else_goes_on(
    owning, redis_server, entries, replayed, caplog
):
    async with owning(redis_server.url, step=poisonous) as owner:
        around = [asyncio.create_task(owner.submit(contact(name))) for name in ("c1", "poison", "c2")]
        results = await asyncio.gather(*around)
        assert [result.refusal is None for result in results] == [True, False, True]
        assert await owner.read(lambda state: sorted(state.contacts)) == ["c1", "c2"]
        assert digest(await replayed()) == await owner.read(digest)
    log = [entry.event for entry in await entries()]
    assert log == [Takeover(1), contact("c1"), Refused("poison", "poison"), contact("c2")]


async def test_poison_from_the_inbox_advances_it(owning, redis_server, redis, entries, caplog, released):
    gateway = InboxClient(redis, "main", "phone-1")
    for name in ("c1", "poison", "c2"):
        await gateway.send(contact(name))
    async with owning(redis_server.url, step=poisonous) as owner:
        await released(owner, lambda entry: entry.event == contact("c2"))
        await owner.submit(Tick())
        assert await redis.xlen(PoolLog(redis, "main").keys.inbox) == 0
    origins = [entry.origin.seq for entry in await entries() if entry.origin]
    assert origins == [1, 2, 3]


async def test_poison_with_a_contact_puts_that_contact_aside(owning, redis_server, caplog):
    def gone_is_poison(state, event, at, origin=None):
        if isinstance(event, Gone):
            raise ZeroDivisionError
        return step(state, event, at, origin)

    async with owning(redis_server.url, step=gone_is_poison) as owner:
        await owner.submit(contact("c1"))
        assert (await owner.submit(Gone("c1"))).refusal is not None
        assert await owner.read(lambda state: state.contacts["c1"].aside)
        await owner.submit(Agent("a1", "ready", skills={"housing": 5}))
        assert await owner.read(lambda state: state.contacts["c1"].state) == "waiting"


async def test_a_poison_tick_is_no_crash_loop(owning, redis_server, entries, caplog, released):
    def tick_is_poison(state, event, at, origin=None):
        if isinstance(event, Tick):
            raise ZeroDivisionError
        return step(state, event, at, origin)

    async with owning(redis_server.url, step=tick_is_poison) as owner:
        struck = released(owner, lambda entry: entry.event == Refused("poison"))
        await owner.submit(Contact("c1", "phone", ({"law": 1},), relax=(Relax(1000, NEEDS),)))
        await struck
        await asyncio.sleep(0)
        await owner.submit(Agent("a1", "away"))
    assert sum(entry.event == Refused("poison") for entry in await entries()) == 1


class Unreadable(PoolLog):
    """Appends, but cannot be read: no state can be rebuilt from it meanwhile."""

    readable = True

    async def load_snapshot(self):
        if not self.readable:
            raise LogUnreachable("not now")
        return await super().load_snapshot()


async def test_a_rebuild_that_takes_long_keeps_nobody_waiting(redis, monkeypatch, caplog):
    monkeypatch.setattr(reign, "PATIENCE", 0.05)
    log = Unreadable(redis, "main")
    owner = Owner(log, step=poisonous)
    running = asyncio.create_task(owner.run())
    await owner.ready()
    log.readable = False
    poison, behind = (asyncio.create_task(owner.submit(contact(name))) for name in ("poison", "c1"))
    with pytest.raises(Unavailable):
        await asyncio.wait_for(behind, 1)
    log.readable = True
    assert (await poison).refusal is not None
    assert (await owner.submit(contact("c1"))).refusal is None
    await owner.stop()
    await running


class Poisonings:
    """An observer that tells of the first and of the second poison event."""

    def __init__(self):
        self.first, self.second = asyncio.Event(), asyncio.Event()

    def poisoned(self):
        (self.second if self.first.is_set() else self.first).set()

    def appended(self, events, step_seconds, append_seconds): ...

    def reigns(self, epoch): ...


async def test_a_timer_that_is_poison_for_every_event_is_no_crash_loop(owning, redis_server, caplog):
    """Not even its record can be stepped: it stays due, and is tried ever more rarely."""

    def nothing_of_ours(state, event, at, origin=None):
        if isinstance(event, (Tick, Refused)):
            raise ZeroDivisionError
        return step(state, event, at, origin)

    seen = Poisonings()
    async with owning(redis_server.url, step=nothing_of_ours, observer=seen) as owner:
        await owner.submit(Contact("c1", "phone", ({"law": 1},), relax=(Relax(1000, NEEDS),)))
        await asyncio.wait_for(seen.first.wait(), 5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(seen.second.wait(), 0.5)
        assert (await owner.submit(contact("c2"))).refusal is None


async def test_an_owner_whose_takeover_is_poison_does_not_reign(owning, redis_server, entries, caplog):
    """The state that `step` left behind then is none to go on with."""

    def takeover_is_poison(state, event, at, origin=None):
        result = step(state, event, at, origin)
        if isinstance(event, Takeover):
            raise ZeroDivisionError
        return result

    with pytest.raises(Stuck):  # noqa: PT012  # leaving the context raises what ended the owner
        async with owning(redis_server.url, step=takeover_is_poison) as owner:
            with pytest.raises(Unavailable):
                await owner.submit(contact("c1"))
    assert await entries() == []
