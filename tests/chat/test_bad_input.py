"""Clients that send rubbish, too much, too fast or from elsewhere; citizens who fall silent."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio

from tests.chat.conftest import Agent, Citizen
from tests.chat.test_chat import with_agent
from tests.phone.until import until
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]

HELLO = {"type": "hello", "key": "k" * 32, "language": "fr", "topic": "housing"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory):
    """One server for all of them: whatever was sent before must not matter."""
    process = Process(
        tmp_path_factory.mktemp("chat"), "gateways: {chat: {silent_s: 3, warned_s: 1, away_s: 1}}\n"
    )
    await process.start()
    yield process
    await process.stop()


@asynccontextmanager
async def socket(site: Process, **headers: str):
    url = site.url.replace("http", "ws", 1) + "chat/v1/socket"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as open_one:
        yield open_one


async def problem(open_one) -> dict:
    """The next problem told."""
    async for message in open_one:
        told = json.loads(message.data)
        if told["type"] == "problem":
            return told
    raise AssertionError("it was closed without a word")


@pytest.mark.parametrize(
    "first",
    ["", "{", "[]", "null", '{"type":"hello"}', '{"type":"hello","key":"short"}', '{"type":"say","id":"1"}',
     json.dumps(HELLO | {"key": "k" * 129}), json.dumps(HELLO | {"more": 1}),
     json.dumps(HELLO | {"after": -1}),
     json.dumps(HELLO | {"key": "k" * 30 + "\n"}), '{"type":"hello","key":"' + "é" * 30 + '"}', "[" * 10_000],
)  # fmt: skip
async def test_who_does_not_begin_with_a_hello_is_told_so(site: Process, first: str):
    async with socket(site) as open_one:
        await open_one.send_str(first)
        assert (await problem(open_one))["code"] == "bad_message"


async def test_rubbish_after_the_hello_is_told_and_the_chat_goes_on(site: Process):
    async with socket(site) as open_one:
        await open_one.send_json(HELLO | {"key": secrets.token_urlsafe(24)})
        for rubbish in ("{", '{"type":"say"}', json.dumps({"type": "say", "id": "1", "text": "x" * 4001}),
                        json.dumps(HELLO), '{"type":"say","id":"a b","text":"x"}'):  # fmt: skip
            await open_one.send_str(rubbish)
            assert (await problem(open_one))["code"] == "bad_message"
        await open_one.send_bytes(b"\x00\xff")
        assert (await problem(open_one))["code"] == "bad_message"
        await open_one.send_json({"type": "say", "id": "1", "text": "<script>alert('é')</script>\u202e\0"})
        async for message in open_one:
            told = json.loads(message.data)
            if told["type"] == "message" and told["by"] == "citizen":
                assert told["text"] == "<script>alert('é')</script>\u202e\0"
                break


async def test_a_flood_is_slowed_and_loses_nothing_that_was_kept(site: Process):
    async with socket(site) as open_one:
        await open_one.send_json(HELLO | {"key": secrets.token_urlsafe(24)})
        for n in range(100):
            await open_one.send_json({"type": "say", "id": str(n), "text": f"line {n}"})
        assert (await problem(open_one))["code"] == "too_fast"


async def test_a_page_of_another_site_cannot_open_a_chat(site: Process):
    for origin in ("https://evil.example", "null", "http://[", "https://"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with socket(site, Origin=origin):
                pass
        assert refused.value.status == 403


async def test_only_five_sockets_of_a_chat_stay_open(site: Process):
    hello = HELLO | {"key": secrets.token_urlsafe(24)}
    async with aiohttp.ClientSession() as session:
        url = site.url.replace("http", "ws", 1) + "chat/v1/socket"
        sockets = [await session.ws_connect(url) for _ in range(7)]
        for each in sockets:
            await each.send_json(hello)
            assert json.loads((await each.receive()).data)["type"] == "welcome"
            assert json.loads((await each.receive()).data)["type"] in ("message", "standing")
        over = asyncio.gather(*(told_the_end(each) for each in sockets))
        await until(lambda: sum(each.closed for each in sockets) >= 2)
        over.cancel()
        assert sum(each.closed for each in sockets) == 2


async def told_the_end(open_one: aiohttp.ClientWebSocketResponse) -> None:
    """Reads until the server closes it."""
    async for _ in open_one:
        pass


async def test_who_is_silent_is_asked_then_closed(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    async with ag01.page():
        await ag01.until(lambda message: message["type"] == "welcome")
        await ag01.say(citizen.client.chat, "are you there?")
        await citizen.until(lambda message: "toujours là" in message.get("text", ""))
        await citizen.stands("closed")
    _, story = await site.ask("GET", f"contacts/{citizen.client.chat}", "demo-supervisor")
    assert story["contact"]["state"] in ("wrap_up", "ended")


async def test_who_waits_and_is_not_there_any_more_is_gone(site: Process):
    citizen = Citizen(site, language="fr", topic="housing")
    chat = await citizen.stands("waiting")
    citizen.running.cancel()

    async def gone() -> bool:
        _, story = await site.ask("GET", f"contacts/{chat}", "demo-supervisor")
        return story["contact"]["state"] == "gone"

    assert await until(gone)
