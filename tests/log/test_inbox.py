"""The inbox on a real Redis: numbered without holes, durable once sent, doubles known, zombies shut out."""

from __future__ import annotations

import asyncio

import pytest

from router.core.events import Gone, Tick
from router.log.errors import Fenced, LogFull, LogUnreachable
from router.log.inbox import InboxClient, read_inbox
from router.log.keys import Keys

pytestmark = pytest.mark.redis


async def everything(redis):
    return await read_inbox(redis, "main", "0-0", wait=0.01)


async def test_events_come_out_as_they_went_in(redis):
    gateway = InboxClient(redis, "main", "phone-1")
    assert [await gateway.send(Gone("c1")), await gateway.send(Tick())] == [1, 2]
    (first, event), (second, tick) = await everything(redis)
    assert (first.gateway, first.seq, event) == ("phone-1", 1, Gone("c1"))
    assert (second.seq, tick) == (2, Tick())
    assert [origin for origin, _ in await read_inbox(redis, "main", first.position)] == [second]


async def test_a_restarted_gateway_goes_on_counting(redis):
    await InboxClient(redis, "main", "phone-1").send(Tick())
    await redis.delete(Keys("main").inbox)  # consumed since
    assert await InboxClient(redis, "main", "phone-1").send(Tick()) == 2
    assert await InboxClient(redis, "main", "phone-2").send(Tick()) == 1


async def test_a_lost_reply_puts_it_there_once(redis, lossy, lossy_redis):
    gateway = InboxClient(lossy_redis, "main", "phone-1")
    await gateway.send(Gone("c0"))
    lossy.lose_replies = 1
    assert await gateway.send(Gone("c1")) == 2
    assert await gateway.send(Gone("c2")) == 3
    assert [event.contact for _, event in await everything(redis)] == ["c0", "c1", "c2"]


async def test_a_cancelled_send_never_lends_its_number_to_another_event(redis, lossy, lossy_redis):
    """It may have been written: the next event must not pass for its repeat."""
    gateway = InboxClient(lossy_redis, "main", "phone-1")
    await gateway.send(Gone("c0"))
    lossy.lose_replies = 1
    sending = asyncio.create_task(gateway.send(Gone("c1")))
    await lossy.lost.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await gateway.send(Gone("c2"))
    assert [event.contact for _, event in await everything(redis)] == ["c0", "c1", "c2"]


async def test_the_former_process_of_a_gateway_is_shut_out(redis):
    zombie, gateway = InboxClient(redis, "main", "phone-1"), InboxClient(redis, "main", "phone-1")
    await zombie.send(Gone("c1"))
    await gateway.open()
    with pytest.raises(Fenced):
        await zombie.send(Gone("c2"))
    assert await gateway.send(Gone("c3")) == 2
    assert [event.contact for _, event in await everything(redis)] == ["c1", "c3"]


async def test_sends_at_once_keep_their_order_and_numbers(redis):
    gateway = InboxClient(redis, "main", "phone-1")
    await asyncio.gather(*(gateway.send(Gone(f"c{i}")) for i in range(50)))
    assert [(o.seq, e.contact) for o, e in await everything(redis)] == [(i + 1, f"c{i}") for i in range(50)]


async def test_a_full_server_refuses_and_the_number_is_used_later(redis):
    gateway = InboxClient(redis, "main", "phone-1")
    await gateway.open()
    await redis.config_set("maxmemory", 1)
    with pytest.raises(LogFull):
        await gateway.send(Gone("c1"))
    await redis.config_set("maxmemory", 0)
    assert await gateway.send(Gone("c2")) == 1


async def test_an_unreachable_server_is_told(redis_server, redis, monkeypatch):
    monkeypatch.setattr("router.log.inbox.PATIENCE", 0.1)
    gateway = InboxClient(redis, "main", "phone-1")
    await gateway.open()
    redis_server.kill()
    with pytest.raises(LogUnreachable):
        await gateway.send(Gone("c1"))


async def test_what_this_version_cannot_read_still_has_its_origin(redis):
    await redis.xadd(Keys("main").inbox, {"g": "phone-1", "q": "7", "e": b"\xff"})
    ((origin, event),) = await everything(redis)
    assert (origin.gateway, origin.seq, event) == ("phone-1", 7, None)
