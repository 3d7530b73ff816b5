"""Hostile and clumsy input: a stable code, the field, the nearest name; nothing reaches the log."""

from __future__ import annotations

import json

import pytest

from citizens.vault import VaultError
from router.door import Unavailable
from tests.web.conftest import bearer
from tests.web.test_contacts import NEW, create, ready

pytestmark = pytest.mark.server

CONTACTS = "/api/v1/contacts"
JSON = {"Content-Type": "application/json"}


async def problem(answer, status, code):
    body = await answer.json(content_type="application/problem+json")
    assert (answer.status, body["code"]) == (status, code), body
    assert body["status"] == status
    assert body["type"] == f"urn:guichet:problem:{code}"
    assert body["correlation_id"] == answer.headers["X-Correlation-Id"]
    return body


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b'{"channel": "\xff"}', 400, "bad_json"),
        (b'{"channel": NaN}', 400, "bad_json"),
        (b"[" * 8000, 400, "bad_json"),
        (b'{"target_s": 1e999}', 422, "bad_field"),
        (b"[]", 422, "bad_field"),
        (b"null", 422, "bad_field"),
        (b'"' + b"x" * 20_000 + b'"', 413, "too_large"),
    ],
)
async def test_bodies_that_are_none(client, door, raw, status, code):
    before = len(door.entries)
    answer = await client.post(CONTACTS, data=raw, headers=bearer("operator") | JSON)
    await problem(answer, status, code)
    assert len(door.entries) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"topic": "housin"}, "topic"),
        ({"language": "klingon"}, "language"),
        ({"contact": "c1\n"}, "contact"),
        ({"contact": "Marie Curie"}, "contact"),
        ({"contact": "x" * 65}, "contact"),
        ({"contact": ""}, "contact"),
        ({"needs": {"housing": 11}}, "needs"),
        ({"needs": {"housing": True}}, "needs"),
        ({"needs": {f"s{i}": 1 for i in range(33)}}, "needs"),
        ({"target_s": -1}, "target_s"),
        ({"target_s": "60"}, "target_s"),
        ({"due_s": 1e10}, "due_s"),
        ({"prefers": ["a"] * 9}, "prefers"),
        ({"vulnerable": "yes"}, "vulnerable"),
    ],
)
async def test_wrong_fields_are_named(client, door, change, field):
    before = len(door.entries)
    body = await problem(await create(client, **change), 422, "bad_field")
    assert body["field"].startswith(field)
    assert len(door.entries) == before


async def test_unknown_fields_are_refused_with_the_nearest_name(client):
    body = await problem(await create(client, chanel="chat"), 422, "unknown_field")
    assert body["field"] == "chanel"
    assert "did you mean 'channel'?" in body["detail"]
    deep = {"policy": {"weights": {"wait": 1, "fitt": 2}}}
    answer = await client.put("/api/v1/config", json=deep, headers=bearer("operator"))
    body = await problem(answer, 422, "unknown_field")
    assert (body["field"], "did you mean 'fit'?" in body["detail"]) == ("policy.weights.fitt", True)


async def test_the_nearest_topic(client):
    body = await problem(await create(client, topic="housin"), 422, "bad_field")
    assert "did you mean 'housing'?" in body["detail"]


async def test_a_body_where_none_is_taken(client):
    answer = await client.post(f"{CONTACTS}/c1/gone", json={"reason": "left"}, headers=bearer("operator"))
    await problem(answer, 422, "unknown_field")


async def test_other_media_types(client):
    headers = bearer("operator") | {"Content-Type": "text/plain"}
    await problem(await client.post(CONTACTS, data=json.dumps(NEW), headers=headers), 415, "not_json")
    headers["Content-Type"] = "application/json; charset=utf-16"
    await problem(await client.post(CONTACTS, data=json.dumps(NEW), headers=headers), 415, "not_json")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "state=lost", "chanel=chat"]
)
async def test_queries(client, query):
    answer = await client.get(f"{CONTACTS}?{query}", headers=bearer("operator"))
    assert answer.status == 422, await answer.text()


async def test_a_reason_only_for_away_and_only_from_the_list(client):
    path = "/api/v1/agents/ag01/state"
    for body, status in (
        ({"state": "away", "reason": "lunch"}, 200),
        ({"state": "away"}, 200),
        ({"state": "away", "reason": "tired of it"}, 422),
        ({"state": "ready", "reason": "lunch"}, 422),
        ({"state": "asleep"}, 422),
    ):
        answer = await client.put(path, json=body, headers=bearer("ag01"))
        assert answer.status == status, body


async def test_names_nobody_knows(client):
    headers = bearer("supervisor")
    for path in ("/api/v1/nothing", "/api/v1/contacts/a%20b", "/api/v1/contacts/..%2f..", "/etc/passwd"):
        await problem(await client.get(path, headers=headers), 404, "unknown_route")
    await problem(await client.get(f"{CONTACTS}/c9", headers=headers), 404, "unknown_contact")
    await problem(await client.get("/api/v1/agents/ag99", headers=headers), 404, "unknown_agent")
    away = await client.put("/api/v1/agents/ag99/state", json={"state": "away"}, headers=headers)
    await problem(away, 404, "unknown_agent")
    accepted = {"answer": "accepted"}
    answer = await client.post("/api/v1/offers/o9/answer", json=accepted, headers=bearer("ag01"))
    await problem(answer, 404, "unknown_offer")


async def test_another_method(client):
    answer = await client.delete(f"{CONTACTS}/c1", headers=bearer("operator"))
    await problem(answer, 405, "wrong_method")
    assert answer.headers["Allow"] == "GET"


async def test_what_the_state_forbids(client):
    await create(client)
    await problem(await client.post(f"{CONTACTS}/c1/ended", headers=bearer("supervisor")), 409, "not_now")
    await ready(client)
    await client.post("/api/v1/offers/o1/answer", json={"answer": "declined"}, headers=bearer("ag01"))
    late = await client.post("/api/v1/offers/o1/answer", json={"answer": "accepted"}, headers=bearer("ag01"))
    await problem(late, 409, "not_now")


async def test_a_log_that_takes_nothing_is_503_with_a_date(client, door):
    door.unavailable = Unavailable("log_unavailable", "Redis does not answer", retry_after=2.4)
    answer = await create(client)
    await problem(answer, 503, "log_unavailable")
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (ConnectionError("the vault's store does not answer"), 503, "vault_unavailable"),
        (TimeoutError(), 503, "vault_unavailable"),
        (VaultError("sealed under another master key"), 500, "vault_unreadable"),
    ],
)
async def test_a_vault_that_does_not_answer_or_open(client, vault, monkeypatch, caplog, fault, status, code):
    async def broken(contact):
        raise fault

    monkeypatch.setattr(vault, "get", broken)
    await create(client)
    await ready(client)
    answer = await client.get(f"{CONTACTS}/c1/caller", headers=bearer("ag01"))
    await problem(answer, status, code)
    assert answer.headers.get("Retry-After") == ("1" if status == 503 else None)
    assert not any(record.exc_info for record in caplog.records)


async def test_a_fault_of_ours_says_nothing_but_its_id(client, door, monkeypatch, caplog):
    def broken(question):
        raise RuntimeError("secret words")

    monkeypatch.setattr(door, "read", broken)
    answer = await client.get("/api/v1/agents", headers=bearer("operator"))
    body = await problem(answer, 500, "internal")
    assert "secret" not in json.dumps(body)
    assert any(getattr(record, "correlation_id", "") == body["correlation_id"] for record in caplog.records)


async def test_the_log_names_routes_not_paths(client, caplog):
    caplog.set_level("INFO", "guichet.api")
    await client.get("/api/v1/contacts/Marie", headers=bearer("supervisor"))
    await client.get("/0612345678", headers=bearer("supervisor"))
    routes = [record.route for record in caplog.records if record.name == "guichet.api"]
    assert routes == ["/api/v1/contacts/{contact}", "none"]
    text = " ".join(str(vars(record)) for record in caplog.records if record.name == "guichet.api")
    assert "Marie" not in text
    assert "0612345678" not in text


async def test_the_log_names_the_contact_that_is_known(client, caplog):
    caplog.set_level("INFO", "guichet.api")
    await create(client)
    await client.get("/api/v1/contacts/c1", headers=bearer("supervisor"))
    assert [record.contact for record in caplog.records if record.name == "guichet.api"] == ["c1", "c1"]
