"""A messaging service's connector, on loopback: signed messages in and out, once, in order."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from router.chat.signature import SIGNATURE, TIME, is_signed, sign
from tests.chat.conftest import Agent
from tests.phone.until import until
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis]

SECRET = secrets.token_hex(32)
HANDLE = "Dupont.Marked"


class Connector:
    """Takes messages over HTTP as a service's connector does; refuses as many as `failing` first."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.failing = 0

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert is_signed(
            SECRET.encode(), request.headers[TIME], body, request.headers[SIGNATURE], int(time.time())
        )
        if self.failing:
            self.failing -= 1
            return web.Response(status=503)
        self.taken.append(json.loads(body))
        return web.json_response({})


@pytest.fixture
async def connector() -> AsyncIterator[tuple[Connector, str]]:
    there = Connector()
    app = web.Application()
    app.router.add_post("/in", there.take)
    async with TestServer(app) as server:
        yield there, f"http://127.0.0.1:{server.port}/in"


@pytest.fixture
async def site(tmp_path: Path, connector) -> AsyncIterator[Process]:
    (tmp_path / "secret").write_text(SECRET)
    service = f"{{url: '{connector[1]}', secret_file: '{tmp_path / 'secret'}'}}"
    process = Process(tmp_path, f"gateways: {{chat: {{services: {{pigeon: {service}}}}}}}\n")
    await process.start()
    yield process
    await process.stop()


async def bring(site: Process, text: str, id: str, secret: str = SECRET, at: int | None = None):
    """Status and answer."""
    body = json.dumps({"id": id, "handle": HANDLE, "text": text, "language": "fr"}).encode()
    at = int(time.time()) if at is None else at
    headers = {TIME: str(at), SIGNATURE: sign(secret.encode(), at, body)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{site.url}chat/v1/services/pigeon", data=body, headers=headers) as reply,
    ):
        return reply.status, await reply.json()


async def test_messages_come_in_once_and_go_out_in_order_though_the_service_fails(site: Process, connector):
    there, _ = connector
    there.failing = 2
    status, kept = await bring(site, "Bonjour", "1")
    assert status == 200
    assert await bring(site, "Bonjour", "1") == (200, kept)
    await until(lambda: there.taken)
    assert "housing" in there.taken[0]["choices"]
    await bring(site, "housing", "2")
    ag01 = Agent(site, "ag01")
    await ag01.ready()
    async with ag01.page():
        await ag01.accept(kept["chat"])
        await ag01.until(lambda message: message.get("text") == "housing")
        for n in range(5):
            await ag01.say(kept["chat"], f"answer {n}")
        await until(lambda: any(message["text"] == "answer 4" for message in there.taken))
    assert [m["text"] for m in ag01.heard if m.get("by") == "citizen"] == ["Bonjour", "housing"]
    answers = [message for message in there.taken if message["text"].startswith("answer")]
    assert [message["text"] for message in answers] == [f"answer {n}" for n in range(5)]
    assert {message["handle"] for message in there.taken} == {HANDLE}
    numbers = [message["n"] for message in there.taken]
    assert numbers == sorted(set(numbers))
    await site.ask("POST", f"contacts/{kept['chat']}/ended", ag01.token)
    await until(lambda: bring_again(site, kept["chat"]))


async def bring_again(site: Process, before: str) -> bool:
    """After the end the same handle begins another chat."""
    status, kept = await bring(site, "Encore moi", "9")
    return status == 200 and kept["chat"] != before


async def test_what_is_not_signed_now_with_the_secret_is_refused(site: Process):
    assert (await bring(site, "x", "1", secret="not the secret"))[0] == 401
    assert (await bring(site, "x", "1", at=int(time.time()) - 301))[0] == 401


async def test_nothing_personal_is_in_redis_in_clear(site: Process, tmp_path: Path):
    assert (await bring(site, "Texte Marqué", "1"))[0] == 200
    await site.stop()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    assert b"Dupont" not in kept
    assert b"Texte" not in kept
    assert "Dupont" not in (tmp_path / "serve.log").read_text()
    await site.start()
    await asyncio.sleep(0)
