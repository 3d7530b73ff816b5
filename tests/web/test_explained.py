"""Why, over HTTP: who sees the credit and who does not, in two languages, now and as it was."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from router.api.permissions import ROLES, TABLE
from router.api.settings import Settings
from router.core.version import CORE_VERSION
from router.log.archive_writer import ArchiveWriter
from router.log.entry import Entry
from router.tell.sight import TABLE as SIGHT
from tests.web.conftest import bearer
from tests.web.door import START
from tests.web.test_contacts import create, ready

pytestmark = pytest.mark.server

WHY = "/api/v1/contacts/c1/why"
MAY = sorted(TABLE["explain_contact"])


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(archive=str(tmp_path / "archive"))


async def served(client, door):
    """A verified vulnerability, 12 s of waiting, one agent."""
    await create(client, vulnerable=True, citizen="z9")
    door.pass_time(12)
    await ready(client)


async def read(client, role, path=WHY, **query):
    answer = await client.get(path, headers=bearer(role), params=query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


def archived(door, settings: Settings) -> None:
    """What the door took, as the archiver would have it."""
    writer = ArchiveWriter(Path(settings.archive), settings.pool)
    writer.open(None)
    entries = (Entry(e.n, e.at, e.event, e.effects, core=CORE_VERSION) for e in door.entries)
    writer.write([msgspec.msgpack.encode(entry) for entry in entries])
    writer.close()


def test_whoever_may_ask_is_in_the_table_of_what_is_seen():
    assert set(ROLES) < set(SIGHT)
    assert [role for role in MAY if SIGHT[role].credit] == ["auditor"]


@pytest.mark.parametrize("role", MAY)
async def test_the_credit_is_the_auditor_s_alone(client, door, role):
    await served(client, door)
    told = json.dumps([await read(client, role), await read(client, role, "/api/v1/contacts/c1")])
    points = {name for name in ("wait", "credit") if f'"{name}":' in told.replace('": ', '":')}
    if role == "auditor":
        assert "2 min earlier" in told.replace("\\u00a0", " ")
        assert "wait" in points
    else:
        assert points == set()
        for word in ("earlier", "vulnerab", "rank", "z9", "2200"):  # 132 s of 60 s are 2200 points
            assert word not in told, word


@pytest.mark.parametrize("role", ["supervisor", "ag01"])
async def test_neither_the_offer_as_it_is_told_live_nor_the_page_gives_it_away(client, door, role):
    async with client.ws_connect("/api/v1/live", headers=bearer(role)) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await served(client, door)
        told = []
        while not told or told[-1]["type"] != "offer":
            told.append(await socket.receive_json())
    offer = told[-1]
    assert "wait" not in offer["why"]
    assert offer["score"] == sum(offer["why"].values())
    origin = {"Origin": str(client.make_url("")).rstrip("/")}
    signed = await client.post("/sign-in", data={"token": "supervisor"}, headers=origin)
    page = await signed.text()
    assert "2,200" not in page


async def test_sentences_in_both_languages(client, door):
    await served(client, door)
    english, french = [await read(client, "supervisor", lang=lang) for lang in ("en", "fr")]
    assert "agent was free and able to answer" in " ".join(english["sentences"])
    assert "agent était libre et en mesure de répondre" in " ".join(french["sentences"])
    refused = await client.get(WHY, headers=bearer("supervisor"), params={"lang": "de"})
    assert refused.status == 422


@pytest.mark.parametrize("role", MAY)
async def test_as_it_was_and_not_as_it_is(client, door, settings, role):
    await served(client, door)
    await ready(client, "ag02")
    archived(door, settings)
    then = await read(client, role, at=START / 1e6 + 5)
    assert (then["state"], then.get("agent", "")) == ("waiting", "")
    assert then["decisions"][-1]["event"] == "standing"
    after = await read(client, role, at=START / 1e6 + 60, lang="fr")
    assert [each["state"] for each in after["decisions"]] == ["waiting", "offered"]
    assert after["agent"] == "ag01"
    assert sum(group["agents"] for group in after["groups"]) == 1  # ag02 was not there yet
    assert ("credit" in after["decisions"][0]["about"]) == (role == "auditor")
    assert any("logement" in sentence for sentence in after["sentences"])


async def test_nothing_of_then_without_an_archive_or_before_it_came(client, door, settings):
    await served(client, door)
    answer = await client.get(WHY, headers=bearer("auditor"), params={"at": START / 1e6 + 60})
    assert (answer.status, (await answer.json())["code"]) == (500, "archive_unreadable")
    archived(door, settings)
    answer = await client.get(WHY, headers=bearer("auditor"), params={"at": 1})
    assert (answer.status, (await answer.json())["code"]) == (404, "unknown_contact")
