"""A citizen has their chat mailed: once somebody answered in it, to the address they give, a few times."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp
import pytest
import pytest_asyncio

from tests.chat.conftest import Agent
from tests.chat.test_chat import text, with_agent
from tests.mail.sink import Sink
from tests.phone.until import until
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    there = Sink()
    there.start()
    yield there
    there.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(sink: Sink, tmp_path_factory: pytest.TempPathFactory):
    smtp = f"{{host: 127.0.0.1, port: {sink.port}, security: none, timeout_s: 5}}"
    process = Process(
        tmp_path_factory.mktemp("chat"),
        f"notify: {{sender: desk@guichet.test, smtp: {smtp}}}\ngateways: {{chat: {{}}}}\n",
    )
    await process.start()
    yield process
    await process.stop()


async def wished(site: Process, key: str, body: object) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{site.url}chat/v1/transcript", json=body) as reply,
    ):
        return reply.status


async def test_a_chat_is_mailed_on_the_citizens_wish(site: Process, sink: Sink):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    key, here = citizen.client.key, {"email": "zoe@citizens.test"}
    assert await wished(site, key, here) == 409, "nobody has answered: this would be anybody's letter"
    async with ag01.page():
        await citizen.client.say("Où en est mon dossier ?")
        await ag01.until(text("Où en est mon dossier ?"))
        await ag01.say(citizen.client.chat, "Il est prêt.")
        await citizen.until(text("Il est prêt."))
    assert await wished(site, "k" * 32, here) == 401
    for nobody in ({"email": "a\r\nBcc: b@c.test"}, {"email": "zoe"}, {}, {"email": "z@c.test", "more": 1}):
        assert await wished(site, key, nobody) == 422
    sink.stop()
    assert await wished(site, key, here) == 502, "what no server took is not said to be sent"
    sink.start()
    assert await wished(site, key, here) == 204
    [letter] = sink.letters
    assert letter["To"] == "zoe@citizens.test"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Il est prêt." in letter.get_content()
    assert [await wished(site, key, here) for _ in range(2)] == [204, 409]
    assert await until(lambda: figures(site))


async def figures(site: Process) -> bool:
    """What was counted, and nothing of whom."""
    _, page = await site.get("/metrics")
    told = page.decode()
    assert "zoe" not in told
    return all(f'what="{what}"}} {count}' in told for what, count in (("opened", "1.0"), ("mailed", "2.0")))
