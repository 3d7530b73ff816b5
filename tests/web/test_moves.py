"""A supervisor's moves, direct contacts, pools and call-backs over HTTP and from a terminal."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core.events import Config, Move
from router.core.policy import InnerPool
from tests.web.conftest import bearer
from tests.web.test_command import guichet  # noqa: F401 - a fixture
from tests.web.test_contacts import create, offer_of, post, ready, story

pytestmark = pytest.mark.server

BOSS = "supervisor"


async def move(client, contact="c1", token=BOSS, **json):
    return await post(client, f"/contacts/{contact}/move", token, **({"reason": "third call today"} | json))


async def test_to_the_front_and_back_with_who_and_why(client, door):
    for name in ("c1", "c2", "c3"):
        await create(client, contact=name)
        door.pass_time(1)
    answer = await move(client, "c3", to="front")
    assert (answer.status, (await answer.json())["state"]) == (200, "waiting")
    told = await story(client, "c3")
    assert told["position"] == 1
    assert (told["moved"]["to"], told["moved"]["by"], told["moved"]["reason"]) == (
        "front",
        BOSS,
        "third call today",
    )
    assert [entry.event for entry in door.entries][-1] == Move("c3", "front", BOSS, "third call today")
    assert (await move(client, "c3", to="place")).status == 200
    told = await story(client, "c3")
    assert (told["position"], told["moved"]) == (3, None)


async def test_to_an_agent_able_or_by_force(client, door):
    await ready(client)
    await create(client, contact="held")
    await create(client, topic="family", language="fr")
    refused = await move(client, to="agent", agent="ag01")
    problem = await refused.json()
    assert (refused.status, problem["code"], "family 2" in problem["detail"]) == (409, "not_now", True)
    assert (await move(client, to="agent", agent="ag01", force=True, for_s=60)).status == 200
    assert door.state.contacts["c1"].state == "offered"
    told = await story(client, token="ag01")
    assert told["moved"] is None  # an agent does not read who moved whom


async def test_to_a_pool_and_out_of_it(client, door):
    policy = replace(door.state.policy, pools={"south": InnerPool()})
    await door.submit(Config(policy, "f00d"))
    await create(client, contact="c1", pool="south")
    await create(client, contact="c2")
    assert (await story(client))["pool"] == "south"
    assert (await move(client, to="pool", pool=None)).status == 200
    assert (await move(client, "c2", to="pool", pool="south")).status == 200
    assert [door.state.contacts[name].pool for name in ("c1", "c2")] == ["", "south"]
    assert (await move(client, to="pool", pool="north")).status == 422


async def test_a_transfer_hands_over_to_a_pool(client, door):
    await door.submit(Config(replace(door.state.policy, pools={"south": InnerPool()}), "f00d"))
    await create(client)
    await ready(client)
    await post(client, f"/offers/{await offer_of(client)}/answer", "ag01", answer="accepted")
    assert (await post(client, "/contacts/c1/transfer", "ag01", pool="south")).status == 200
    assert door.state.contacts["c1"].needs == ({"housing": 3, "lang:fr": 4, "pool:south": 1},)
    assert (await post(client, "/contacts/c1/transfer", BOSS, pool="north")).status == 409


async def test_a_transfer_to_an_agent_of_no_pool_leaves_the_pool(client, door):
    await door.submit(Config(replace(door.state.policy, pools={"south": InnerPool()}), "f00d"))
    await client.put("/api/v1/agents/ag02/state", json={"state": "ready"}, headers=bearer("ag02"))
    await create(client, pool="south")
    skills = {"housing": 8, "lang:fr": 9, "pool:south": 1}
    await client.put(
        "/api/v1/agents/ag01/state", json={"state": "ready", "skills": skills}, headers=bearer("ag01")
    )
    await post(client, f"/offers/{await offer_of(client)}/answer", "ag01", answer="accepted")
    assert (await post(client, "/contacts/c1/transfer", "ag01", agent="ag02")).status == 200
    assert (door.state.contacts["c1"].pool, door.state.contacts["c1"].state) == ("", "offered")


async def test_direct_to_an_agent(client, door):
    await ready(client)
    await create(client, contact="held")
    await create(client, contact="c1", direct="ag01")
    assert door.state.contacts["c1"].prefers == ("ag01",)
    await create(client, contact="c2", direct="ag02")
    assert door.state.contacts["c2"].direct is None  # never logged in: for anybody, at once


async def test_a_call_back_takes_the_place_and_is_no_second_attempt(client, door):
    await create(client, citizen="p-1")
    door.pass_time(60)
    made = await create(client, contact="back", channel="callback", after="c1")
    assert (made.status, (await made.json())["waited_s"]) == (201, 60)
    assert (await story(client))["contact"]["reason"] == "callback"
    assert (await story(client, "back"))["after"] == "c1"
    twice = await create(client, contact="twice", channel="callback", after="back")
    assert (twice.status, (await twice.json())["code"]) == (409, "not_now")
    nowhere = await create(client, contact="x", channel="callback", after="nobody")
    assert (nowhere.status, (await nowhere.json())["code"]) == (404, "unknown_contact")
    figures = await (await client.get("/metrics")).text()
    assert 'guichet_contacts_replaced_total{channel="chat",pool="main"} 1.0' in figures
    assert 'guichet_contacts_abandoned_total{channel="chat",pool="main"} 0.0' in figures


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, {"to": "front", "reason": ""}),
        (422, {"to": "nowhere"}),
        (422, {"to": "agent"}),
        (422, {"to": "front", "agent": "ag01"}),
        (422, {"to": "pool"}),
        (404, {"to": "agent", "agent": "nobody"}),
        (409, {"to": "place"}),
    ],
)
async def test_what_is_wrong_is_told(client, status, body):
    await create(client)
    assert (await move(client, **body)).status == status


async def test_from_a_terminal(guichet, client, door):  # noqa: F811 - the fixture
    await create(client)
    words = ("contacts", "c1", "move", "--to", "front", "--reason", "third call today")
    assert await guichet(BOSS, *words) == (0, "waiting\n")
    assert door.state.contacts["c1"].moved is not None
    code, said = await guichet("operator", *words)
    assert (code, "not_allowed" in said) == (1, True)
