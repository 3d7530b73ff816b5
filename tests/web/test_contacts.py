"""A contact's life through the public interface, from arrival to the end of wrap-up."""

from __future__ import annotations

import msgspec
import pytest

from router.core.events import Config, Contact
from router.core.policy import Topic
from tests.web.conftest import bearer

pytestmark = pytest.mark.server

NEW = {"channel": "chat", "topic": "housing", "language": "fr", "contact": "c1"}


async def ready(client, agent="ag01"):
    answer = await client.put(f"/api/v1/agents/{agent}/state", json={"state": "ready"}, headers=bearer(agent))
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def create(client, **fields):
    return await client.post("/api/v1/contacts", json=NEW | fields, headers=bearer("supervisor"))


async def story(client, contact="c1", token="supervisor"):
    answer = await client.get(f"/api/v1/contacts/{contact}", headers=bearer(token))
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def offer_of(client, contact="c1"):
    return (await story(client, contact))["offers"][-1]["offer"]


async def post(client, path, token, **json):
    return await client.post(f"/api/v1{path}", json=json, headers=bearer(token))


async def test_from_arrival_to_the_end_of_wrap_up(client, door):
    created = await create(client)
    assert created.status == 201
    assert created.headers["Location"] == "/api/v1/contacts/c1"
    assert (await created.json())["state"] == "waiting"
    door.pass_time(12)
    agent = await ready(client)
    assert agent["skills"] == {"housing": 8, "lang:fr": 10}
    told = await story(client)
    assert told["contact"]["state"] == "offered"
    assert told["contact"]["waited_s"] == 12
    assert told["needs"] == [{"housing": 3, "lang:fr": 4}]
    assert told["offers"][0]["agent"] == "ag01"
    assert told["offers"][0]["why"]
    offer = told["offers"][0]["offer"]
    answered = await post(client, f"/offers/{offer}/answer", "ag01", answer="accepted")
    assert (await answered.json())["state"] == "connected"
    door.pass_time(60)
    assert (await (await post(client, "/contacts/c1/ended", "ag01")).json())["state"] == "wrap_up"
    done = await (await post(client, "/contacts/c1/done", "ag01")).json()
    assert (done["state"], done["waited_s"]) == ("ended", 12)


async def test_needs_of_the_policy_and_given_ones(client, door):
    await create(client, contact="given", needs={"rights": 2})
    await create(client, contact="either", needs=[{"rights": 2}, {"family": 1}])
    assert door.state.contacts["given"].needs == ({"rights": 2},)
    assert door.state.contacts["either"].needs == ({"rights": 2}, {"family": 1})


async def test_a_topics_own_target_and_one_given(client, door):
    await create(client, contact="own", topic="family")
    await create(client, contact="given", topic="family", target_s=5)
    assert door.state.contacts["own"].target == 30_000_000
    assert door.state.contacts["given"].target == 5_000_000


async def test_the_same_id_again_is_no_second_contact(client, door):
    assert (await create(client)).status == 201
    assert (await create(client)).status == 200
    other = await create(client, topic="family")
    assert (other.status, (await other.json())["code"]) == (409, "not_now")
    assert len(door.state.contacts) == 1


async def test_a_repeat_after_the_policy_changed_is_the_same_contact(client, door):
    await create(client)
    topics = {"housing": Topic({"housing": 1})}
    await door.submit(Config(msgspec.structs.replace(door.state.policy, topics=topics), "f00d"))
    assert (await create(client)).status == 200
    await door.submit(Config(msgspec.structs.replace(door.state.policy, topics={}), "f00e"))
    again = await create(client)
    assert (again.status, again.headers["Location"]) == (200, "/api/v1/contacts/c1")
    assert (await create(client, channel="email", needs={"housing": 3})).status == 422
    assert len(door.state.contacts) == 1


async def test_without_an_id_one_is_made(client):
    body = {name: value for name, value in NEW.items() if name != "contact"}
    made = await (await client.post("/api/v1/contacts", json=body, headers=bearer("operator"))).json()
    assert made["contact"].startswith("c-")
    assert len(made["contact"]) == 18


async def test_place_in_line_and_gone(client, door):
    await create(client, contact="first")
    door.pass_time(1)
    await create(client, contact="second")
    assert (await story(client, "second"))["position"] == 2
    gone = await (await post(client, "/contacts/first/gone", "supervisor")).json()
    assert gone["state"] == "gone"
    assert (await story(client, "second"))["position"] == 1


async def test_transfer_to_another_topic_keeps_the_place(client, door):
    await create(client)
    await ready(client)
    await post(client, f"/offers/{await offer_of(client)}/answer", "ag01", answer="accepted")
    door.pass_time(5)
    again = await post(client, "/contacts/c1/transfer", "ag01", topic="family")
    assert (again.status, await again.json()) == (200, {"result": "done"})
    assert door.state.contacts["c1"].needs == ({"family": 2, "lang:fr": 4},)
    assert (await story(client))["contact"]["state"] == "waiting"


async def test_transfer_of_a_contact_that_came_without_a_topic(client, door):
    await door.submit(Contact("c1", "phone", ({"lang:fr": 1},), language="fr"))
    await ready(client)
    await post(client, "/offers/o1/answer", "ag01", answer="accepted")
    assert (await post(client, "/contacts/c1/transfer", "ag01", language="en")).status == 200
    assert door.state.contacts["c1"].needs == ({"lang:en": 4},)


async def test_a_page_at_a_time_newest_first(client, door):
    for i in range(5):
        await create(client, contact=f"c{i}")
        door.pass_time(1)
    await post(client, "/contacts/c3/gone", "supervisor")

    async def page(query):
        answer = await client.get(f"/api/v1/contacts?{query}", headers=bearer("supervisor"))
        body = await answer.json()
        return [contact["contact"] for contact in body["contacts"]], body["next"]

    assert await page("limit=2") == (["c4", "c3"], "c3")
    assert await page("limit=2&after=c3") == (["c2", "c1"], "c1")
    assert await page("limit=2&after=c1") == (["c0"], None)
    assert await page("state=gone") == (["c3"], None)
    assert await page("channel=phone") == ([], None)


async def test_who_is_behind_it_is_for_its_agent_alone(client, vault):
    await create(client)
    vault.records["c1"] = {"number": "kept"}
    await ready(client)
    mine = await client.get("/api/v1/contacts/c1/caller", headers=bearer("ag01"))
    assert (await mine.json())["record"] == {"number": "kept"}
    for token in ("ag02", "supervisor", "operator", "designer"):
        other = await client.get("/api/v1/contacts/c1/caller", headers=bearer(token))
        assert other.status == 403
        assert "kept" not in await other.text()


async def test_an_agent_reads_nothing_of_colleagues(client):
    await create(client)
    await ready(client)
    assert (await story(client, token="ag01"))["contact"]["state"] == "offered"
    offer = await offer_of(client)
    other = await client.get("/api/v1/contacts/c1", headers=bearer("ag02"))
    assert (await other.json())["code"] == "not_yours"
    stolen = await post(client, f"/offers/{offer}/answer", "ag02", answer="accepted")
    assert (await stolen.json())["code"] == "not_yours"


async def test_an_agent_reads_no_colleagues_refusal(client):
    await create(client)
    await ready(client)
    skills = {"housing": 5, "lang:fr": 5}
    ready_too = {"state": "ready", "skills": skills}
    await client.put("/api/v1/agents/ag02/state", json=ready_too, headers=bearer("ag02"))
    await post(client, "/offers/o1/answer", "ag01", answer="declined")
    told = await story(client, token="ag02")
    assert [offer["agent"] for offer in told["offers"]] == ["ag02"]
    assert told["refusals"] == []
    whole = await story(client)
    assert [offer["agent"] for offer in whole["offers"]] == ["ag01", "ag02"]
    assert [refusal["agent"] for refusal in whole["refusals"]] == ["ag01"]


async def test_no_view_shows_credit(client):
    await create(client, vulnerable=True, citizen="z9")
    text = await (await client.get("/api/v1/contacts/c1", headers=bearer("supervisor"))).text()
    for word in ("rank", "vulnerable", "credit", "z9"):
        assert word not in text


async def test_why_nobody_and_why_this_one(client):
    async def why():
        answer = await client.get("/api/v1/contacts/c1/why", headers=bearer("supervisor"))
        assert answer.status == 200, await answer.text()
        return await answer.json()

    await create(client)
    await ready(client, "ag02")
    assert (await why())["profiles"][0]["excluded"] == {"lacks_skill": 1}
    await ready(client, "ag01")
    explained = await why()
    assert explained["agent"] == "ag01"
    assert explained["terms"]
