"""The inbox on a real Redis: numbered without holes, durable once sent, doubles known, zombies shut out."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from router.core.events import Config, Gone, Refused, Shift, Takeover, Tick
from router.core.policy import Policy
from router.log.errors import Fenced, LogFull, LogUnreachable
from router.log.inbox import InboxClient, read_inbox
from router.log.keys import Keys
from router.log.pool_log import PoolLog

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


FOREIGN = [
    {"hello": "world"},
    {"q": "1", "e": b"\x80"},
    {"g": "phone-1", "q": "one", "e": b"\x80"},
    {"g": "phone-1", "q": "", "e": b"\x80"},
    {"g": "phone-1", "q": "-3", "e": b"\x80"},
    {"g": "phone-1", "q": "9" * 30, "e": b"\x80"},
    {"g": "phone-1", "q": "9" * 5000, "e": b"\x80"},
    {"g": b"\xff", "q": "1", "e": b"\x80"},
    {"g": "g" * 200, "q": "1", "e": b"\x80"},
    {"g": "phone-1", "q": "1"},
]


@pytest.mark.parametrize("fields", FOREIGN)
async def test_a_foreign_entry_is_passed_over_not_raised(redis, fields):
    id_ = await redis.xadd(Keys("main").inbox, fields)
    ((origin, event),) = await everything(redis)
    assert (origin.gateway, origin.seq, origin.position, event) == ("unreadable", 0, id_.decode(), None)


async def test_a_body_nested_without_end_is_unreadable(redis):
    body = b"\x82\xa5event\xa4gone\xa1x" + b"\x91" * 500_000 + b"\xc0"
    await redis.xadd(Keys("main").inbox, {"g": "phone-1", "q": "1", "e": body})
    ((origin, event),) = await everything(redis)
    assert (origin.seq, event) == (1, None)


@pytest.mark.parametrize("event", [Takeover(9), Shift(10**9), Config(Policy(), "h"), Refused("poison", "c1")])
async def test_the_owners_own_words_are_not_taken_from_a_gateway(redis, event):
    await redis.xadd(Keys("main").inbox, {"g": "g", "q": "1", "e": msgspec.msgpack.encode(event)})
    ((_, read),) = await everything(redis)
    assert read is None


async def test_foreign_entries_are_on_record_and_the_owner_goes_on(
    redis, redis_server, owning, entries, released
):
    inbox = PoolLog(redis, "main").keys.inbox
    for fields in (*FOREIGN, {"g": "g", "q": "1", "e": msgspec.msgpack.encode(Takeover(9))}):
        await redis.xadd(inbox, fields)
    await InboxClient(redis, "main", "phone-1").send(Tick())
    async with owning(redis_server.url) as owner:
        await released(owner, lambda entry: entry.event == Tick())
        await owner.submit(Tick())
        assert await redis.xlen(inbox) == 0
    refused = [entry.event for entry in await entries() if isinstance(entry.event, Refused)]
    assert refused == [Refused("unreadable")] * (len(FOREIGN) + 1)
