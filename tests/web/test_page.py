"""The board without a browser: who may open it, what it says, in which language; nothing can be injected."""

from __future__ import annotations

import re

import pytest
from aiohttp import WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from router.api.app import build_app
from router.api.markup import el, join
from router.api.settings import Settings
from router.api.words import _WORDS, Words, wanted_language
from router.core.events import Agent, Contact, Device, Found, Gateway
from router.door import Unavailable
from tests.web.conftest import credentials
from tests.web.test_contacts import create, post, ready
from tests.web.test_conversations import talking

pytestmark = pytest.mark.server


@pytest.fixture
async def demo(door, vault, instruments):
    app = build_app(
        door,
        credentials(demo=True),
        Settings(title="Demo <agency>"),
        vault=vault,
        hash_of=lambda policy: "beef",
        instruments=instruments,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


async def sign_in(client, token):
    return await client.post("/sign-in", data={"token": token}, allow_redirects=False)


async def test_a_demonstration_opens_by_itself_with_a_banner(demo):
    answer = await demo.get("/")
    text = await answer.text()
    assert "Demonstration" in text
    assert "Demo &lt;agency&gt;" in text
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "supervisor" not in cookie


async def test_a_demonstration_answers_loopback_names_only(demo):
    for host in ("rebound.example", "rebound.example:80", "10.0.0.1", "127.0.0.1.example"):
        answer = await demo.get("/", headers={"Host": host})
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (421, "foreign_host")


async def test_elsewhere_a_token_is_asked_for(client):
    text = await (await client.get("/")).text()
    assert "<form" in text
    assert 'type="password"' in text
    assert "Waiting" not in text
    assert (await sign_in(client, "nobody")).status == 401
    assert (await sign_in(client, "ag01")).status == 401
    assert "Waiting" not in await (await client.get("/")).text()
    assert (await sign_in(client, "supervisor")).status == 303
    assert "Waiting" in await (await client.get("/")).text()
    await client.post("/sign-out")
    assert "Waiting" not in await (await client.get("/")).text()


async def test_a_session_opens_the_page_and_nothing_that_changes(client):
    await sign_in(client, "operator")
    for method, path in (("GET", "/api/v1/agents"), ("PUT", "/api/v1/config"), ("POST", "/api/v1/contacts")):
        answer = await client.request(method, path, json={})
        assert answer.status == 401


async def test_a_form_of_another_site_signs_nobody_in(client):
    headers = {"Origin": "https://elsewhere.example"}
    answer = await client.post("/sign-in", data={"token": "supervisor"}, headers=headers)
    assert answer.status == 403


async def test_nothing_comes_from_elsewhere(demo):
    answer = await demo.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = await answer.text()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert addresses
    assert all(address.startswith(("/", "#")) for address in addresses)
    assert not re.search(r"<script[^>]*>[^<]|<style| style=| on\w+=", text)
    for address in addresses:
        if address.startswith("/"):
            file = await demo.get(address)
            assert file.status == 200
            again = await demo.get(address, headers={"If-None-Match": file.headers["ETag"]})
            assert again.status == 304


async def test_decisions_with_their_why_in_plain_words(demo, door):
    await create(demo)
    door.pass_time(12)
    await ready(demo)
    await post(demo, "/offers/o1/answer", "ag01", answer="accepted")
    text = await (await demo.get("/")).text()
    assert "ag01 for c1" in text
    assert "waited 12 s of 60 s promised; speaks French 10, housing 8" in text
    assert "accepted" in text
    french = await (await demo.get("/", headers={"Accept-Language": "de, fr-CA;q=0.8, en;q=0.5"})).text()
    assert '<html lang="fr">' in french
    assert "attente de 12 s sur 60 s promises ; parle français 10, logement 8" in french


async def test_without_the_log_the_page_says_so_and_tries_again(demo, door):
    door.unavailable = Unavailable("log_unavailable", "Redis is gone")
    answer = await demo.get("/")
    assert (answer.status, answer.headers["Refresh"]) == (503, "3")
    assert "The log does not answer" in await answer.text()


async def test_markup_in_names_stays_text(demo, door):
    await door.submit(Contact("<script>1", "chat", ({"<b>x": 1},), topic="<i>t"))
    await door.submit(Agent("<img src=x>", "ready", skills={"<b>x": 9}))
    text = await (await demo.get("/")).text()
    assert "&lt;script&gt;1" in text
    for tag in ("<script>1", "<b>x", "<i>t", "<img"):
        assert tag not in text


async def test_the_page_is_told_what_changed(demo):
    await demo.get("/")
    origin = str(demo.make_url("/")).rstrip("/")
    async with demo.ws_connect("/board/live?lang=fr", headers={"Origin": origin}) as socket:
        first = await socket.receive_json()
        assert set(first["sections"]) == {"figures", "waiting", "agents", "decisions", "log", "summary"}
        await create(demo)
        told = await socket.receive_json()
        while "waiting" not in told["sections"]:
            told = await socket.receive_json()
        assert "tchat" in told["sections"]["waiting"]


async def test_the_pages_socket_needs_a_session_and_our_origin(client):
    origin = str(client.make_url("/")).rstrip("/")
    async with client.ws_connect("/board/live", headers={"Origin": origin}) as socket:
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 4401)
    answer = await client.get("/board/live", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 403


def test_every_word_is_in_both_languages():
    assert all(english and french for english, french in _WORDS.values())
    assert all(english.count("{") == french.count("{") for english, french in _WORDS.values())
    assert Words("fr")("some_topic") == "some topic"


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "en"), ("fr", "fr"), ("fr;q=.3, en;q=0.4", "en"), ("x, fr-BE;q=0.1", "fr"), ("fr;q=x, *;;;", "en")],
)
def test_the_wanted_language(accept, language):
    assert wanted_language(accept) == language


def test_lasting():
    say = Words("en").lasting
    said = [say(seconds * 1_000_000) for seconds in (-3, 0, 99, 100, 599, 3599, 3600, 7325)]
    assert said == ["0 s", "0 s", "99 s", "1 min 40 s", "9 min 59 s", "59 min", "1 h 00", "2 h 02"]


def test_elements_escape_what_is_not_theirs():
    assert el("p", "<&", title='"x"') == '<p title="&quot;x&quot;">&lt;&amp;</p>'
    assert join("<", el("b", "x")) == "&lt;<b>x</b>"


async def shown(client, language="en"):
    """The page's text, tags taken out."""
    await sign_in(client, "supervisor")
    text = await (await client.get("/", headers={"Accept-Language": language})).text()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


async def test_a_conversation_s_row_says_with_whom_on_hold_and_recorded(client, door, asterisk):
    await talking(client, door)
    for mark in ("on hold", "recorded", "with ag02"):
        assert mark not in await shown(client)
    for what in ("hold", "record"):
        await post(client, "/contacts/c1/control", "ag01", what=what)
    await post(client, "/contacts/c1/consult", "ag01", agent="ag02")
    text = await shown(client)
    assert "in conversation" in text
    assert "with ag02 on hold recorded" in text
    assert "asked for advice" in text
    await post(client, "/contacts/c1/control", "ag01", what="pause")
    assert "enregistrement en pause" in await shown(client, "fr")


async def test_those_to_call_back_are_shown_once_there_are_any(client, door):
    assert "To call back" not in await shown(client)
    for name in ("later", "sooner"):
        waited = 60_000_000 if name == "sooner" else 0
        await door.submit(
            Contact(
                name, "phone", ({"rights": 1},), via="phone", waited=waited, topic="housing", language="fr"
            )
        )
        await door.submit(Found(name, "lost"))
    text = await shown(client)
    assert text.index("To call back") < text.index("sooner") < text.index("later")
    assert "À rappeler" in await shown(client, "fr")
    for name in ("later", "sooner"):
        await door.submit(Found(name, "waiting"))
    assert "To call back" not in await shown(client)


async def test_an_agent_s_phone_and_a_gateway_that_is_down_are_shown(client, door):
    await ready(client)
    assert "phone unreachable" not in await shown(client)
    await door.submit(Device("ag01", "phone", "unreachable"))
    assert "phone unreachable" in await shown(client)
    assert "0 free 1 busy" in await shown(client)
    await door.submit(Device("ag01", "phone", "busy"))
    assert "on a call of their own" in await shown(client)
    await door.submit(Gateway("phone", "down"))
    assert "down: nobody is rung" in await shown(client)
