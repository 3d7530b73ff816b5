"""Messages over HTTP and by the command, with a real register and outbox."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from metrics.instruments import Instruments
from router.api.app import build_app
from router.api.settings import Settings
from router.core.events import Answer, Config, Contact
from router.core.policy import CHANNELS
from tests.notify.office import MARK, SECOND, Office
from tests.web.conftest import POLICY, bearer, credentials
from tests.web.door import MemoryDoor

pytestmark = [pytest.mark.redis, pytest.mark.server]


@pytest.fixture
def office(redis: Redis, tmp_path: Path) -> Office:
    return Office(redis, tmp_path)


@pytest.fixture
async def door() -> MemoryDoor:
    door = MemoryDoor()
    await door.submit(Config(POLICY, "cafe", "test"))
    return door


@pytest.fixture
async def client(door: MemoryDoor, office: Office) -> AsyncIterator[TestClient]:
    app = build_app(
        door, credentials(), Settings(), vault=office.vault, hash_of=lambda policy: "beef",
        instruments=Instruments("main", CHANNELS), post=office.post,
    )  # fmt: skip
    async with TestClient(TestServer(app)) as client:
        yield client


async def send(client: TestClient, body: object, token: str = "supervisor") -> tuple[int, dict]:
    async with client.post("/api/v1/notices", json=body, headers=bearer(token)) as answer:
        return answer.status, await answer.json()


async def test_sent_looked_at_and_listed_when_it_fails(client: TestClient, office: Office) -> None:
    citizen = await office.citizen("sms")
    status, sent = await send(
        client, {"message": "appointment", "citizen": citizen, "values": {"date": MARK}, "notice": "n-1"}
    )
    assert (status, sent["stage"], sent["notice"]) == (202, "waiting", "n-1")
    assert MARK not in json.dumps(sent)
    await office.after()
    async with client.get("/api/v1/notices/n-1", headers=bearer("operator")) as answer:
        assert (await answer.json())["stage"] == "done"
    await send(client, {"message": "code", "citizen": citizen, "values": {"date": "x"}, "notice": "n-2"})
    office.clock += 40 * 86400 * SECOND
    await office.after()
    async with client.get("/api/v1/notices", headers=bearer("operator")) as answer:
        listed = (await answer.json())["notices"]
    assert [(each["notice"], each["code"]) for each in listed] == [("n-2", "expired")]
    async with client.get("/api/v1/notices/n-none", headers=bearer("operator")) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"message": "nothing"}, 404, "unknown_message", ""),
        ({"message": "appointment"}, 422, "bad_field", "values.date"),
        ({"message": "appointment", "values": {"date": "x", "b": "y"}}, 422, "unknown_field", "values.b"),
        ({"message": "appointment", "values": {"date": "x" * 501}}, 422, "bad_field", "values[...]"),
        ({"message": "appointment", "values": {"Date": "x"}}, 422, "bad_field", "values"),
        ({"message": "appointment", "values": {"date": "x"}, "citizen": "z-nobody"}, 409, "not_told", ""),
        ({"message": "appointment", "values": {"date": "x"}}, 409, "not_told", ""),
        ({"message": "../..\r\nX: y"}, 422, "bad_field", "message"),
    ],
)
async def test_what_is_wrong_is_said(
    client: TestClient, office: Office, body: dict, status: int, code: str, field: str
) -> None:
    citizen = await office.citizen()
    got, said = await send(client, {"citizen": citizen} | body)
    assert (got, said["code"]) == (status, code)
    assert field.split("[")[0] in said.get("field", "")
    assert "x" * 50 not in json.dumps(said)


async def test_an_agent_writes_to_whom_they_have_in_hand_alone(
    client: TestClient, office: Office, door: MemoryDoor
) -> None:
    citizen = await office.citizen("sms")
    body = {"message": "appointment", "values": {"date": "x"}, "contact": "c-1"}
    assert (await send(client, body, "ag01"))[0] == 404
    await client.put("/api/v1/agents/ag01/state", json={"state": "ready"}, headers=bearer("ag01"))
    await door.submit(Contact("c-1", "chat", ({"housing": 3},), citizen=citizen))
    (offer,) = door.state.offers
    await door.submit(Answer(offer, "c-1", "ag01", "accepted"))
    assert (await send(client, body, "ag02"))[0] == 403
    assert (
        await send(client, {k: v for k, v in body.items() if k != "contact"} | {"citizen": citizen}, "ag01")
    )[0] == 422
    assert (await send(client, body | {"citizen": "z-other"}, "ag01"))[0] == 422
    assert (await send(client, body, "ag01"))[0] == 202


async def test_without_redis_it_is_said(client: TestClient, office: Office, redis_server) -> None:
    citizen = await office.citizen("sms")
    redis_server.pause()
    try:
        status, said = await send(client, {"message": "code", "citizen": citizen, "values": {"date": "1"}})
    finally:
        redis_server.go_on()
    assert (status, said["code"]) == (503, "citizens_unavailable")


async def test_no_word_of_it_is_logged(
    client: TestClient, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = await office.citizen("sms")
    for values in ({"date": MARK}, {"date": MARK, "more": MARK}, {"date": [MARK]}):
        await send(client, {"message": "appointment", "citizen": citizen, "values": values})
    await office.after()
    async with client.get("/metrics") as answer:
        text = await answer.text()
    ours = [each for each in caplog.records if not each.name.startswith("asyncio")]
    text += "".join(f"{each.getMessage()} {each.__dict__}" for each in ours)
    assert MARK not in text
    assert "612345678" not in text
