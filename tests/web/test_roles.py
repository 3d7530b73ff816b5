"""Who may do what: every route with every role and with none. What is not in the table is denied."""

from __future__ import annotations

import re

import pytest

from router.api.app import build_app
from router.api.permissions import ROLES, TABLE, Caller, is_open
from router.api.settings import Settings
from tests.web.conftest import bearer, credentials
from tests.web.test_contacts import create, ready

pytestmark = pytest.mark.server

ANYBODY = "anybody"
# what the table must say, written down a second time: a slip in one of the two is seen
EXPECTED = {
    ("GET", "/api/v1/agents"): "supervisor operator",
    ("GET", "/api/v1/agents/ag01"): "agent supervisor operator",
    ("PUT", "/api/v1/agents/ag01/state"): "agent supervisor",
    ("GET", "/api/v1/contacts"): "supervisor designer operator auditor",
    ("POST", "/api/v1/contacts"): "supervisor designer operator",
    ("GET", "/api/v1/contacts/c1"): "agent supervisor designer operator auditor",
    ("GET", "/api/v1/contacts/c1/why"): "supervisor designer operator auditor",
    ("POST", "/api/v1/contacts/c1/gone"): "supervisor designer operator",
    ("POST", "/api/v1/contacts/c1/ended"): "agent supervisor",
    ("POST", "/api/v1/contacts/c1/done"): "agent supervisor",
    ("POST", "/api/v1/contacts/c1/transfer"): "agent supervisor",
    ("POST", "/api/v1/contacts/c1/move"): "supervisor",
    ("POST", "/api/v1/contacts/c1/choice"): "supervisor designer operator",
    ("POST", "/api/v1/contacts/c1/consult"): "agent",
    ("POST", "/api/v1/contacts/c1/control"): "agent supervisor",
    ("GET", "/api/v1/contacts/c1/caller"): "agent supervisor",
    ("POST", "/api/v1/offers/o1/answer"): "agent",
    ("GET", "/api/v1/contacts/c1/letters"): "agent",
    ("GET", "/api/v1/contacts/c1/letters/l1/1"): "agent",
    ("PUT", "/api/v1/contacts/c1/draft"): "agent",
    ("GET", "/api/v1/contacts/c1/canned"): "agent",
    ("POST", "/api/v1/contacts/c1/answer"): "agent",
    ("POST", "/api/v1/contacts/c1/answered"): "agent",
    ("GET", "/api/v1/agencies"): "agent supervisor designer operator auditor",
    ("POST", "/api/v1/contacts/c1/hand-over"): "agent",
    ("GET", "/api/v1/contacts/c1/hand-over"): "agent",
    ("GET", "/api/v1/contacts/c1/facts"): "agent",
    ("POST", "/api/v1/notices"): "agent supervisor operator",
    ("GET", "/api/v1/notices"): "supervisor operator",
    ("GET", "/api/v1/notices/n1"): "supervisor operator",
    ("GET", "/api/v1/config"): "supervisor designer operator auditor",
    ("PUT", "/api/v1/config"): "operator",
    ("PATCH", "/api/v1/config"): "supervisor operator",
    ("GET", "/api/v1/live"): "agent supervisor operator",
    ("GET", "/api/v1/state"): "supervisor operator",
    ("GET", "/api/v1/promises"): "supervisor designer operator auditor",
    ("POST", "/api/v1/citizens/meet"): "supervisor designer operator",
    ("POST", "/api/v1/citizens/find"): "supervisor auditor",
    ("GET", "/api/v1/citizens/z1"): "agent supervisor auditor",
    ("GET", "/api/v1/citizens/z1/journey"): "agent supervisor auditor",
    ("GET", "/api/v1/citizens/z1/export"): "auditor",
    ("DELETE", "/api/v1/citizens/z1"): "auditor",
    ("POST", "/api/v1/citizens/z1/merge"): "agent supervisor auditor",
    ("POST", "/api/v1/citizens/z1/split"): "supervisor auditor",
    ("PUT", "/api/v1/citizens/z1/preferences"): "agent supervisor",
    ("POST", "/api/v1/citizens/z1/consents"): "agent supervisor auditor",
    ("POST", "/api/v1/citizens/z1/consents/withdraw"): "agent supervisor auditor",
    ("POST", "/api/v1/citizens/z1/proofs"): "agent supervisor operator",
    ("POST", "/api/v1/citizens/z1/proofs/given"): "agent supervisor operator",
    ("POST", "/api/v1/citizens/z1/identifiers"): "supervisor auditor",
    ("PUT", "/api/v1/citizens/z1/vulnerable"): "supervisor auditor",
    ("GET", "/api/v1/accesses"): "auditor",
    ("POST", "/api/v1/vault/rotation"): "operator",
    ("GET", "/api/v1/vault/rotation"): "operator",
    ("GET", "/api/v1/flows/f1"): "supervisor designer operator auditor",
    ("POST", "/api/v1/flows/f1"): "designer operator",
    ("PUT", "/api/v1/flows/f1/live"): "designer operator",
    ("GET", "/api/v1/flows/f1/versions/1"): "supervisor designer operator auditor",
    ("GET", "/api/v1/flow-sessions/s1"): "supervisor designer operator auditor",
    ("PUT", "/api/v1/calendars/main"): "supervisor operator",
    ("GET", "/api/v1/openapi.json"): ANYBODY,
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/readyz"): ANYBODY,
    ("GET", "/metrics"): ANYBODY,
    ("GET", "/"): ANYBODY,
    ("POST", "/sign-in"): ANYBODY,
    ("POST", "/sign-out"): ANYBODY,
    ("GET", "/static/page.css"): ANYBODY,
    ("GET", "/board/live"): "session",
}
TOKENS = {
    "agent": "ag01",
    "supervisor": "supervisor",
    "designer": "designer",
    "operator": "operator",
    "auditor": "auditor",
}


def test_every_route_is_expected_here(door, vault, known, network, instruments):
    app = build_app(
        door, credentials(), Settings(),
        vault=vault, known=known, network=network, hash_of=lambda policy: "", instruments=instruments,
    )  # fmt: skip
    served = {(route.method, _example(route.resource.canonical)) for route in app.router.routes()}
    assert {pair for pair in served if pair[0] != "HEAD"} == set(EXPECTED)


@pytest.mark.parametrize(("method", "path"), EXPECTED)
async def test_each_role_and_none(client, method, path):
    await create(client)
    await ready(client)  # so c1 is offered to ag01
    may = EXPECTED[method, path]
    for role, headers in [("none", {}), *((role, bearer(TOKENS[role])) for role in ROLES)]:
        answer = await client.request(method, path, headers=headers, json={}, allow_redirects=False)
        code = (await answer.json()).get("code", "") if "problem" in answer.content_type else ""
        if may == ANYBODY or role in may.split():
            assert code not in ("not_signed_in", "not_allowed"), (role, code)
        elif may == "session":
            assert code == "foreign_origin", (role, code)
        else:
            expected = "not_signed_in" if role == "none" else "not_allowed"
            if path == "/api/v1/live" and role == "none":
                expected = "bad_request"  # the token may come as the first message
            assert code == expected, (role, code)


async def test_unknown_and_malformed_tokens_are_nobody(client):
    long = "Bearer " + "x" * 600
    for header in ("Bearer nobody", "Bearer ", "Bearer", "supervisor", "Basic c3VwZXJ2aXNvcg==", long):
        answer = await client.get("/api/v1/agents", headers={"Authorization": header})
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_an_agent_acts_for_themselves_only(client):
    other, away = "/api/v1/agents/ag02", {"state": "away"}
    for method, path, body in (("GET", other, {}), ("PUT", f"{other}/state", away)):
        answer = await client.request(method, path, headers=bearer("ag01"), json=body)
        assert (await answer.json())["code"] == "not_yours"


async def test_contacts_of_others_are_not_touched(client):
    await create(client)
    await ready(client)
    for what in ("ended", "done", "transfer"):
        answer = await client.post(f"/api/v1/contacts/c1/{what}", headers=bearer("ag02"), json={})
        assert (await answer.json())["code"] == "not_yours"


def test_an_operation_not_in_the_table_is_denied():
    assert not any(Caller(role, "ag01").may("reboot") for role in ROLES)
    assert not is_open("reboot")
    assert all(roles for roles in TABLE.values())


EXAMPLES = {
    "agent": "ag01", "contact": "c1", "offer": "o1", "name": "page.css", "citizen": "z1",
    "flow": "f1", "version": "1", "session": "s1", "notice": "n1",
    "letter": "l1", "number": "1", "calendar": "main",
}  # fmt: skip


def _example(template):
    for name, value in EXAMPLES.items():
        template = re.sub(rf"\{{{name}\}}", value, template)
    return template
