"""The live socket: who hears what, how one gets in, and how the slow are dropped."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from router.api.listener import QUEUE, TOO_SLOW, Listener
from router.api.permissions import Caller
from router.core.events import Consulted, Device, Gateway
from router.door import Unavailable
from tests.web.conftest import bearer
from tests.web.test_contacts import create, post, ready
from tests.web.test_conversations import talking

pytestmark = pytest.mark.server

LIVE = "/api/v1/live"


class Ear:
    """A socket that reads messages until one of a kind comes."""

    def __init__(self, socket):
        self.socket = socket

    async def until(self, kind, **fields):
        async with asyncio.timeout(5):
            while True:
                message = await self.socket.receive_json()
                if message["type"] == kind and fields.items() <= message.items():
                    return message


async def listen(client, token, **options):
    ear = Ear(await client.ws_connect(LIVE, headers=bearer(token), **options))
    hello = await ear.until("hello")
    return ear, hello


async def test_an_agent_is_told_of_their_own_only(client):
    own, hello = await listen(client, "ag01")
    other, _ = await listen(client, "ag02")
    assert (hello["role"], hello["agent"]) == ("agent", "ag01")
    await ready(client, "ag02")
    await ready(client, "ag01")
    await create(client, contact="secret")
    offer = await own.until("offer")
    assert (offer["agent"], offer["contact"], offer["channel"]) == ("ag01", "secret", "chat")
    assert 0 < offer["expires_in_s"] <= 15
    await post(client, f"/offers/{offer['offer']}/answer", "ag01", answer="accepted")
    assert (await own.until("contact"))["contact"]["contact"] == "secret"
    await create(client, contact="mine", topic="family", language="en")
    heard = [await other.socket.receive_json() for _ in range(2)]
    while heard[-1]["type"] != "offer":
        heard.append(await other.socket.receive_json())
    assert "secret" not in str(heard)
    assert "ag01" not in str(heard)


async def test_a_supervisor_is_told_everything(client):
    ear, _ = await listen(client, "supervisor")
    await ready(client)
    assert (await ear.until("agent"))["agent"]["state"] == "ready"
    await create(client)
    assert (await ear.until("contact"))["contact"]["state"] in ("waiting", "offered")
    patch = {"path": "weights.wait", "value": 900, "reason": "tried"}
    await client.patch("/api/v1/config", json=patch, headers=bearer("supervisor"))
    assert (await ear.until("config"))["by"] == "supervisor"


async def test_a_withdrawn_offer_and_a_contact_that_leaves(client):
    ear, _ = await listen(client, "ag01")
    await ready(client)
    await create(client)
    offer = await ear.until("offer")
    await post(client, "/contacts/c1/gone", "supervisor")
    assert (await ear.until("withdraw"))["offer"] == offer["offer"]
    while (await ear.until("contact"))["contact"]["state"] != "gone":
        pass


async def test_wrap_up_ended_by_a_timer_is_told_too(client, door):
    patch = {"path": "channels.chat.wrap_up", "value": 5_000_000}
    await client.patch("/api/v1/config", json=patch, headers=bearer("operator"))
    ear, _ = await listen(client, "ag01")
    await ready(client)
    await create(client)
    offer = await ear.until("offer")
    await post(client, f"/offers/{offer['offer']}/answer", "ag01", answer="accepted")
    await post(client, "/contacts/c1/ended", "ag01")
    door.pass_time(6)
    await create(client, contact="c2", topic="family", language="en")  # any entry: the timer fires before it
    while (message := await ear.until("contact"))["contact"]["state"] != "ended":
        pass
    assert message["contact"]["contact"] == "c1"


async def test_the_token_may_come_as_the_first_message(client):
    async with client.ws_connect(LIVE) as socket:
        await socket.send_json({"token": "ag01"})
        assert (await socket.receive_json())["agent"] == "ag01"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("{", 4401),
        ('{"token": "nobody"}', 4401),
        ('{"token": "ag01", "x": 1}', 4401),
        ('{"token": "designer"}', 4403),
    ],
)
async def test_wrong_first_messages(client, first, code):
    async with client.ws_connect(LIVE) as socket:
        await socket.send_str(first)
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, code)


async def test_a_page_of_another_site_is_turned_away(client):
    for origin in ("https://elsewhere.example", "null", "http://["):
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect(LIVE, headers=bearer("supervisor") | {"Origin": origin})
        assert caught.value.status == 403


async def test_a_listener_that_speaks_is_closed(client):
    ear, _ = await listen(client, "supervisor")
    await ear.socket.send_str("hello?")
    message = await ear.socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1003)


async def test_without_the_log_a_listener_is_asked_to_try_again(client, door):
    ear, _ = await listen(client, "supervisor")
    door.unavailable = Unavailable("not_owner", "another router owns the pool")
    async with client.ws_connect(LIVE, headers=bearer("operator")) as late:
        assert (await late.receive()).data == 1013
    door.hear_again()
    assert (await ear.socket.receive()).data == 1013


async def test_too_long_a_message_closes(client):
    ear, _ = await listen(client, "supervisor")
    await ear.socket.send_str("x" * 2000)
    assert (await ear.socket.receive()).data == 1009


class Stuck:
    """A socket whose peer reads nothing."""

    def __init__(self):
        self.closed_with = None

    async def send_str(self, text):
        await asyncio.Event().wait()

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.Event().wait()

    async def close(self, *, code):
        self.closed_with = code


async def test_a_reader_too_slow_is_dropped_with_a_code_and_holds_nobody_up():
    socket = Stuck()
    listener = Listener(socket, Caller("supervisor"))
    running = asyncio.create_task(listener.run())
    await asyncio.sleep(0)
    for _ in range(QUEUE + 2):
        listener.put("news")  # returns at once, however full
    async with asyncio.timeout(5):
        await running
    assert socket.closed_with == TOO_SLOW


async def test_what_nobody_hears_is_not_encoded(client, monkeypatch):
    encoded = []

    def encode(message):
        encoded.append(type(message).__name__)
        return msgspec.json.encode(message)

    monkeypatch.setattr("router.api.hub.encode", encode)
    ear, _ = await listen(client, "ag02")
    await ready(client, "ag01")
    await create(client)
    await ready(client, "ag02")
    await ear.until("agent")
    assert encoded == ["AgentMoved"]


async def test_what_came_of_a_control_is_told_to_those_who_talk(client, door, asterisk):
    await talking(client, door)
    mine, _ = await listen(client, "ag01")
    everything, _ = await listen(client, "supervisor")
    for what in ("hold", "record"):
        await post(client, "/contacts/c1/control", "ag01", what=what)
        for ear in (mine, everything):
            told = await ear.until("control", what=what)
            assert (told["contact"], told["by"], told["result"]) == ("c1", "ag01", "done")
    told = (await mine.until("contact"))["contact"]
    assert (told["held"], told["recording"]) == (True, "on")


async def test_who_is_listened_to_is_not_told(client, door, asterisk):
    await talking(client, door)
    mine, _ = await listen(client, "ag01")
    everything, _ = await listen(client, "supervisor")
    await post(client, "/contacts/c1/control", "supervisor", what="listen", phone="desk")
    assert (await everything.until("control"))["what"] == "listen"
    await post(client, "/contacts/c1/control", "ag01", what="hold")
    assert (await mine.until("control"))["what"] == "hold"  # the first they hear of


async def test_a_colleague_is_told_from_being_asked_to_being_free_again(client, door, asterisk):
    asterisk.of_colleague = None
    await talking(client, door)
    theirs, _ = await listen(client, "ag02")
    asking = asyncio.ensure_future(post(client, "/contacts/c1/consult", "ag01", agent="ag02"))
    assert (await theirs.until("consult"))["result"] == "asked"
    assert (await theirs.until("contact"))["contact"]["second"] == "ag02"
    await door.submit(Consulted("c1", "ag02", "answered"))
    assert (await asking).status == 200
    await door.submit(Consulted("c1", "ag02", "over"))
    told = await theirs.until("consult", result="over")
    assert (told["agent"], told["second"]) == ("ag01", "ag02")
    assert (await theirs.until("agent"))["agent"]["in_hand"] == []


async def test_an_agent_s_own_phone_and_a_gateway_s_state(client, door, asterisk):
    await ready(client)
    mine, _ = await listen(client, "ag01")
    everything, _ = await listen(client, "supervisor")
    await door.submit(Device("ag01", "phone", "busy"))
    assert (await mine.until("agent"))["agent"]["phones"] == {"phone": "busy"}
    await door.submit(Gateway("phone", "down"))
    told = await everything.until("gateway")
    assert (told["gateway"], told["state"]) == ("phone", "down")
    assert (await mine.until("agent"))["agent"]["phones"] == {}
