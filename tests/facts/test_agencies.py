"""Agencies: a citizen handed over with their consent, at their place; facts with what is odd in them."""

from __future__ import annotations

import logging

import pytest

from router.api.agencies import Opening
from tests.notify.test_outbox import held
from tests.web.conftest import bearer

pytestmark = [pytest.mark.redis, pytest.mark.server]

MARK = "Zorglub"


async def get(client, path: str, token: str) -> tuple[int, dict]:
    async with client.get(f"/api/v1{path}", headers=bearer(token)) as answer:
        return answer.status, await answer.json()


async def hand(client, body: dict, token: str = "ag01", contact: str = "c-1") -> tuple[int, dict]:
    path = f"/api/v1/contacts/{contact}/hand-over"
    async with client.post(path, json=body, headers=bearer(token)) as answer:
        return answer.status, await answer.json()


async def test_handed_over_with_consent_context_and_place(client, desks) -> None:
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    record = desks.door.state.contacts["c-1"]
    before = (record.rank, record.arrived_at)
    desks.door.pass_time(300)
    status, said = await hand(client, {"agency": "cpam", "text": f"{MARK} wants help"})
    assert (status, said["code"]) == (409, "no_consent")
    assert desks.door.state.contacts["c-1"].state == "connected", "and is still in good hands"
    status, said = await hand(client, {"agency": "cpam", "text": f"{MARK} wants help", "consent": "said"})
    assert (status, said["topic"], said["told"]) == (200, "family", ["address", "context", "family"])
    record = desks.door.state.contacts["c-1"]
    assert (record.pool, (record.rank, record.arrived_at)) == ("south", before)
    assert (await get(client, "/contacts/c-1/hand-over", "ag02"))[0] == 200, "told what is offered"
    assert [each.what for each in (await desks.office.register.journey(citizen)).open] == ["handed_over"]
    await desks.accept("c-1", "ag02")
    status, said = await get(client, "/contacts/c-1/hand-over", "ag02")
    assert (status, said["by_agency"], said["agent"], said["text"]) == (
        200,
        "caf",
        "ag01",
        f"{MARK} wants help",
    )
    journey = await desks.office.register.journey(citizen)
    assert [each.what for each in journey.entries] == ["consented", "handed_over", "received"]
    assert not journey.open
    assert (await get(client, "/contacts/c-1/hand-over", "ag01"))[0] == 403


async def test_a_yes_from_before_is_enough_and_one_taken_back_is_none(client, desks) -> None:
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    await hand(client, {"agency": "cpam", "consent": "keyed"})
    await desks.accept("c-1", "ag02")
    status, _ = await hand(client, {"agency": "caf", "consent": "said", "text": "not shared back"}, "ag02")
    assert status == 200
    await desks.accept("c-1", "ag01")
    _, said = await get(client, "/contacts/c-1/hand-over", "ag01")
    assert said["text"] == "", "cpam tells caf no context: the table does not say so"
    assert (await hand(client, {"agency": "cpam"}))[0] == 200
    await desks.office.register.withdraw(citizen, "share", "citizen", "cpam")
    await desks.accept("c-1", "ag02")
    assert (await get(client, "/contacts/c-1/hand-over", "ag02"))[1]["code"] == "no_consent"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"agency": "nobody"}, 404, "unknown_agency"),
        ({"agency": "caf"}, 404, "unknown_agency"),  # where they are already
        ({"agency": "cpam", "topic": "housing", "consent": "said"}, 422, "bad_field"),
        ({"agency": "cpam", "consent": "believed"}, 422, "bad_field"),
        ({"agency": "cpam", "text": "x" * 4001}, 422, "bad_field"),
        ({"agency": "cpam\r\nX: y"}, 422, "bad_field"),
    ],
)
async def test_what_is_wrong_is_said_and_changes_nothing(client, desks, body, status, code) -> None:
    await desks.in_hand(client, await desks.citizen())
    got, said = await hand(client, body)
    assert (got, said["code"]) == (status, code)
    assert desks.door.state.contacts["c-1"].state == "connected"


async def test_a_closed_agency_says_when_it_opens_and_never_not_here(client, desks) -> None:
    await desks.in_hand(client, await desks.citizen())
    desks.opening = Opening(False, 1_795_777_200_000_000)
    status, said = await hand(client, {"agency": "cpam", "consent": "said"})
    assert (status, said["code"]) == (409, "agency_closed")
    assert "2026-11-27 11:00 UTC" in said["detail"]
    assert (await hand(client, {"agency": "cpam", "consent": "said", "wait": True}))[0] == 200
    _, said = await get(client, "/agencies", "ag01")
    assert [(each["agency"], each["open"]) for each in said["agencies"]] == [
        ("caf", False), ("cpam", False), ("mairie", False)
    ]  # fmt: skip


async def test_only_what_the_table_and_the_citizen_allow_is_even_asked_for(client, desks) -> None:
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    _, said = await get(client, "/contacts/c-1/facts", "ag01")
    assert [(each["agency"], each["code"]) for each in said["answers"]] == [
        ("caf", "asked"), ("cpam", "no_consent")
    ]  # fmt: skip
    assert {each["source"] for each in said["facts"]} == {"caf"}
    assert [each["agency"] for each in await desks.asked()] == ["caf"]
    await hand(client, {"agency": "cpam", "consent": "said"})
    await desks.accept("c-1", "ag02")
    _, said = await get(client, "/contacts/c-1/facts", "ag02")
    kinds = {(each["source"], each["kind"]) for each in said["facts"]}
    assert ("caf", "income") not in kinds, "caf tells cpam no income"
    assert ("caf", "address") in kinds
    (asked,) = await desks.asked()
    assert (asked["agency"], asked["purpose"], asked["reference"]) == ("cpam", "serve", "c-1")


async def test_old_and_contradictory_facts_are_shown_as_such(client, desks) -> None:
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    await hand(client, {"agency": "cpam", "consent": "said"})
    await desks.accept("c-1", "ag02")
    _, said = await get(client, "/contacts/c-1/facts", "ag02")
    facts = {(each["source"], each["kind"]): each for each in said["facts"]}
    street = facts["caf", "address"]
    assert (street["against"], street["about"]) == (["cpam"], ["street"]), "Lyon is LYON, the street differs"
    assert facts["cpam", "family"]["against"] == [], "2 is 2"
    assert ("cpam", "income") not in facts, "for an audit only, says its source"
    assert all(each["age_days"] >= 0 for each in said["facts"])


async def test_a_stale_fact(client, desks) -> None:
    await desks.in_hand(client, await desks.citizen())
    _, said = await get(client, "/contacts/c-1/facts", "ag01")
    income = next(each for each in said["facts"] if each["kind"] == "income")
    assert (income["stale"], income["age_days"] > 700) == (True, True)


async def test_what_was_asked_is_kept_with_its_age_and_shown_when_the_server_is_gone(client, desks) -> None:
    await desks.in_hand(client, await desks.citizen())
    for code in ("asked", "kept"):
        _, said = await get(client, "/contacts/c-1/facts", "ag01")
        assert said["answers"][0]["code"] == code
    desks.office.clock += 400_000_000
    await desks.behave("hang")
    _, said = await get(client, "/contacts/c-1/facts", "ag01")
    assert said["answers"][0]["code"] == "timeout"
    assert said["answers"][0]["asked_at"] is not None
    assert len(said["facts"]) == 3


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("500", "refused"), ("401", "login"), ("close", "cut_off"), ("redirect", "redirected"),
        *((lie, "nonsense") for lie in ("kinds", "naive", "date", "names", "many", "list", "empty")),
    ],
)  # fmt: skip
async def test_a_server_that_fails_or_lies(client, desks, does, code) -> None:
    await desks.in_hand(client, await desks.citizen())
    await desks.behave(does)
    status, said = await get(client, "/contacts/c-1/facts", "ag01")
    assert (status, said["facts"], said["answers"][0]["code"]) == (200, [], code)


async def test_nobody_else_sees_facts(client, desks) -> None:
    await desks.in_hand(client, await desks.citizen())
    assert (await get(client, "/contacts/c-1/facts", "ag02"))[1]["code"] == "not_yours"
    assert (await get(client, "/contacts/c-1/facts", "supervisor"))[1]["code"] == "not_allowed"
    assert (await get(client, "/contacts/c-1/facts?purpose=marketing", "ag01"))[1]["code"] == "bad_field"
    assert await desks.asked() == []


async def test_each_look_is_on_the_access_log(client, desks) -> None:
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    await get(client, "/contacts/c-1/facts", "ag01")
    rows = await desks.office.people.seen(citizen, "", 10)
    assert ("ag01", "get_facts", "serve", "c-1") in [
        (each.by, each.what, each.purpose, each.contact) for _, each in rows
    ]


async def test_nothing_personal_in_logs_log_streams_or_redis(client, desks, redis, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = await desks.citizen()
    await desks.in_hand(client, citizen)
    await get(client, "/contacts/c-1/facts", "ag01")
    await hand(client, {"agency": "cpam", "consent": "said", "text": f"{MARK} 12 rue"})
    text = "".join([repr(await held(redis, key)) for key in await redis.keys()])
    text += repr(desks.door.entries)
    ours = [each for each in caplog.records if not each.name.startswith("asyncio")]
    text += "".join(f"{each.getMessage()} {each.__dict__}" for each in ours)
    for mark in (MARK, MARK.lower(), "185012345", "612345678"):
        assert mark not in text
