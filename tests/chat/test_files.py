"""Files of a chat, and its transcript: given to both sides, as downloads, and to nobody else."""

from __future__ import annotations

import io

import aiohttp
import pytest

from tests.chat.conftest import Agent, Citizen
from tests.chat.test_chat import with_agent
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50_000
HTML = b"\xff\xfe<script>alert(1)</script>"


async def request(
    site: Process, method: str, path: str, token: str, content: bytes | None = None, name: str = "f"
):
    """Status, headers and body."""
    body = None if content is None else io.BytesIO(content)
    headers = {"Authorization": f"Bearer {token}", "X-File-Name": name}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{site.url}{path}", data=body, headers=headers) as reply,
    ):
        return reply.status, reply.headers, await reply.read()


async def sent(
    site: Process, citizen: Citizen, content: bytes = PNG, name: str = "carte%20%C3%A9t%C3%A9.png"
) -> str:
    status, _, body = await request(site, "POST", "chat/v1/attachments", citizen.client.key, content, name)
    assert status == 200, body
    return body.decode().split('"')[3]


async def test_a_file_reaches_the_agent_and_no_other(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    file = await sent(site, citizen)
    async with ag01.page():
        await citizen.client.say("voici ma carte", attachment=file)
        heard = await ag01.until(lambda message: message.get("attachment"))
        path = f"api/v1/contacts/{citizen.client.chat}/attachments/{heard['attachment']}"
        status, headers, body = await request(site, "GET", path, ag01.token)
        assert (status, body) == (200, PNG)
        assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''carte%20%C3%A9t%C3%A9.png"
        assert (await request(site, "GET", path, "demo-agent-ag02"))[0] == 403
        assert (await request(site, "GET", path, "demo-supervisor"))[0] == 403
        assert (await request(site, "GET", f"chat/v1/attachments/{file}", "x" * 32))[0] == 401
    status, _, text = await request(site, "GET", "chat/v1/transcript", citizen.client.key)
    assert status == 200
    assert "voici ma carte" in text.decode()


async def test_what_is_no_harmless_file_is_refused(site: Process):
    citizen = Citizen(site, language="fr", topic="housing")
    await citizen.stands("waiting")
    key = citizen.client.key
    for content in (HTML, b"", b"\0\0", b"MZ\x90\0" + b"\0" * 100):
        assert (await request(site, "POST", "chat/v1/attachments", key, content))[0] == 400
    assert (await request(site, "POST", "chat/v1/attachments", key, b"a" * (5 * 1024 * 1024 + 1)))[0] == 413
    await citizen.client.say("this file was never sent", attachment="0123456789abcdef")
    await citizen.client.all_kept()
    assert not [message for message in citizen.heard if message.get("attachment")]
    for _ in range(10):
        await sent(site, citizen, b"%PDF-1.7 small")
    assert (await request(site, "POST", "chat/v1/attachments", key, b"%PDF-1.7"))[0] == 413
