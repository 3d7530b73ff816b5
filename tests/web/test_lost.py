"""Calls that broke with their Asterisk: listed to be called back in the order of the line."""

from __future__ import annotations

import pytest

from router.core.events import Contact, Found, Gone
from tests.web.conftest import bearer
from tests.web.test_contacts import post, ready
from tests.web.test_figures import samples

pytestmark = pytest.mark.server

LOST = "/api/v1/contacts?state=gone&reason=lost"


@pytest.fixture
async def lost(client, door):
    """Four calls broke: the first, one that waited elsewhere before, one with credit, one of another line."""
    needs = ({"housing": 3},)
    for contact in (
        Contact("first", "phone", needs, via="phone"),
        Contact("elsewhere", "phone", needs, via="phone", waited=60_000_000),
        Contact("vulnerable", "phone", needs, via="phone", vulnerable=True),
        Contact("other", "phone", ({"rights": 1},), via="phone"),
        Contact("left", "phone", needs, via="phone"),
    ):
        await door.submit(contact)
        door.pass_time(5)
    await door.submit(Gone("left", "left"))
    for name in ("other", "first", "vulnerable", "elsewhere"):
        await door.submit(Found(name, "lost"))


async def names(client, query=""):
    answer = await client.get(LOST + query, headers=bearer("supervisor"))
    body = await answer.json()
    return [contact["contact"] for contact in body["contacts"]], body["next"]


async def test_in_the_order_of_the_line_and_a_page_at_a_time(client, lost):
    assert await names(client) == (["vulnerable", "elsewhere", "first", "other"], None)
    assert await names(client, "&limit=3") == (["vulnerable", "elsewhere", "first"], "first")
    assert await names(client, "&limit=3&after=first") == (["other"], None)


async def test_another_reason_is_newest_first_and_an_unknown_one_a_fault(client, lost):
    answer = await client.get("/api/v1/contacts?reason=left", headers=bearer("supervisor"))
    assert [contact["contact"] for contact in (await answer.json())["contacts"]] == ["left"]
    answer = await client.get("/api/v1/contacts?reason=tired", headers=bearer("supervisor"))
    assert answer.status == 422


async def test_a_supervisor_reads_whom_to_call_back_and_nobody_else(client, lost, vault):
    for name in ("first", "left"):
        vault.records[name] = {"number": "kept"}
    for name, token, status in (
        ("first", "supervisor", 200),
        ("left", "supervisor", 403),
        ("first", "ag01", 403),
        ("first", "operator", 403),
    ):
        answer = await client.get(f"/api/v1/contacts/{name}/caller", headers=bearer(token))
        assert answer.status == status, (name, token)
        assert ("kept" in await answer.text()) == (status == 200)


async def test_who_is_found_waiting_after_all_is_no_longer_listed(client, door, lost):
    await door.submit(Found("first", "waiting"))
    assert (await names(client))[0] == ["vulnerable", "elsewhere", "other"]


async def test_a_lost_call_is_counted_as_abandoned(client, lost):
    assert (await samples(client))["guichet_contacts_abandoned_total", "phone"] == 5


async def test_a_lost_conversation_is_in_wrap_up_and_not_listed(client, door):
    await door.submit(Contact("c1", "phone", ({"housing": 3},), via="phone"))
    await ready(client)
    await post(client, "/offers/o1/answer", "ag01", answer="accepted")
    await door.submit(Found("c1", "lost"))
    assert await names(client) == ([], None)
