"""Citizens over HTTP: what each role sees for each purpose, through whose hands, and all on record."""

from __future__ import annotations

import json

import pytest

from citizens.claim import Claim
from citizens.purposes import MAY_SEE, PURPOSES
from citizens.spelling import spell
from router.api.permissions import ROLES
from tests.web.conftest import bearer
from tests.web.test_contacts import ready

pytestmark = pytest.mark.server

MARK = "Zoé-MARK-Ünï"
MAIL, PHONE = "mark.zoe@example.org", "+33612345678"
TOKENS = {role: "ag01" if role == "agent" else role for role in ROLES}
SHOWN = {
    "name": "name", "identifiers": "identifiers", "masked": "identifiers", "preferences": "preferences",
    "vulnerable": "vulnerable", "consents": "consents", "links": "links",
}  # fmt: skip


@pytest.fixture
async def zoe(client, known):
    """A citizen with everything, whose contact c1 is offered to ag01."""
    claims = [Claim(spell("email", MAIL), "account"), Claim(spell("phone", PHONE), "caller_id")]
    met = await known.register.meet(claims, "phone", "c1", {"number": PHONE, "keyed": "4711"})
    await known.register.name(met.citizen, MARK)
    contact = {
        "contact": "c1",
        "channel": "phone",
        "topic": "housing",
        "language": "fr",
        "citizen": met.citizen,
    }
    assert (await client.post("/api/v1/contacts", headers=bearer("supervisor"), json=contact)).status == 201
    await ready(client)
    body = {"purpose": "share", "proof": "said", "reference": "c1", "agency": "town-hall"}
    answer = await client.post(at(met.citizen, "consents"), headers=bearer("supervisor"), json=body)
    assert answer.status == 200
    return met.citizen


def at(citizen, *more):
    return "/".join(("/api/v1/citizens", citizen, *more))


async def look(client, role, citizen, purpose, more="", contact=""):
    query = {"purpose": purpose, "contact": contact}
    answer = await client.get(at(citizen, *filter(None, [more])), headers=bearer(TOKENS[role]), params=query)
    return answer.status, await answer.json()


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_sees_for_each_purpose_what_the_table_says(client, zoe, role):
    for purpose in PURPOSES:
        parts = MAY_SEE[role].get(purpose, ())
        status, seen = await look(client, role, zoe, purpose, contact="c1" if role == "agent" else "")
        if not parts:
            assert (status, seen["code"]) in ((403, "wrong_purpose"), (403, "not_allowed"))
            continue
        assert status == 200
        allowed = {"citizen", "citizens", "likely"} | {SHOWN[part] for part in parts if part in SHOWN}
        assert set(seen) <= allowed
        assert (seen.get("name") == MARK) == ("name" in parts)
        text = str(seen)
        assert (MAIL in text) == (PHONE in text) == ("identifiers" in parts)
        status, _ = await look(client, role, zoe, purpose, "journey", "c1" if role == "agent" else "")
        assert (status == 200) == ("journey" in parts)


async def test_an_agent_sees_a_citizen_through_the_contact_in_their_hands_alone(client, known, zoe):
    other = await known.register.meet([Claim(spell("email", "other@example.org"), "account")], "chat")
    for citizen, contact, code in (
        (zoe, "", "not_yours"), (zoe, "c9", "unknown_contact"), (other.citizen, "c1", "not_yours"),
    ):  # fmt: skip
        assert (await look(client, "agent", citizen, "serve", contact=contact))[1]["code"] == code
    answer = await client.get(at(zoe), headers=bearer("ag02"), params={"purpose": "serve", "contact": "c1"})
    assert (await answer.json())["code"] == "not_yours"


async def test_who_holds_the_same_number_may_be_compared_and_merged_by_the_agent(client, known, zoe):
    caller = await known.register.meet([Claim(spell("phone", PHONE), "caller_id")], "phone")
    assert (await look(client, "agent", caller.citizen, "serve", contact="c1"))[0] == 403
    status, seen = await look(client, "agent", caller.citizen, "verify", contact="c1")
    assert (status, "+33" in str(seen)) == (200, False)
    body = {"other": caller.citizen, "why": "confirmed", "contact": "c1"}
    merged = await client.post(at(zoe, "merge"), headers=bearer("ag01"), json=body)
    link = (await merged.json())["link"]
    again = await client.post(at(zoe, "merge"), headers=bearer("ag01"), json=body)
    assert (await again.json())["code"] == "contradiction"
    assert (await look(client, "agent", caller.citizen, "serve", contact="c1"))[0] == 200
    split = await client.post(at(zoe, "split"), headers=bearer("supervisor"), json={"link": link})
    assert (await split.json())["citizens"] == [zoe]
    gone = await client.post(at(zoe, "split"), headers=bearer("supervisor"), json={"link": link})
    assert (await gone.json())["code"] == "unknown_link"


async def test_every_look_is_on_the_access_log_which_holds_nothing_personal(client, zoe):
    await look(client, "agent", zoe, "serve", contact="c1")
    await look(client, "auditor", zoe, "audit", "journey")
    answer = await client.get("/api/v1/accesses", headers=bearer("auditor"), params={"citizen": zoe})
    told = await answer.text()
    rows = (await answer.json())["seen"]
    assert [(row["by"], row["what"], row["purpose"]) for row in rows[:2]] == [
        ("auditor", "get_journey", "audit"), ("ag01", "get_citizen", "serve"),
    ]  # fmt: skip
    for mark in (MARK, MAIL, PHONE, "4711"):
        assert mark not in told


async def test_found_exported_and_erased(client, known, zoe):
    body = {"kind": "email", "value": "  Mark.Zoe@EXAMPLE.org ", "purpose": "request"}
    found = await (await client.post("/api/v1/citizens/find", headers=bearer("auditor"), json=body)).json()
    assert found == {"found": [{"citizen": zoe, "person": zoe, "proved": True}]}
    wishes = {"language": "fr", "plain": True, "relay": "sign"}
    await client.put(at(zoe, "preferences"), headers=bearer("supervisor"), json=wishes)
    exported = await (await client.get(at(zoe, "export"), headers=bearer("auditor"))).json()
    assert exported["citizen"]["name"] == MARK
    assert {each["value"] for each in exported["citizen"]["identifiers"]} == {MAIL, PHONE}
    assert exported["citizen"]["preferences"]["relay"] == "sign"
    assert exported["citizen"]["consents"][0]["agency"] == "town-hall"
    assert [each["what"] for each in exported["journey"]["entries"]] == ["consented"]
    assert exported["seen"]
    erased = await (await client.delete(at(zoe), headers=bearer("auditor"))).json()
    assert erased["citizens"] == [zoe]
    for request in (
        client.get(at(zoe, "export"), headers=bearer("auditor")),
        client.delete(at(zoe), headers=bearer("auditor")),
    ):
        assert (await (await request).json())["code"] == "unknown_citizen"
    found = await (await client.post("/api/v1/citizens/find", headers=bearer("auditor"), json=body)).json()
    assert found == {"found": []}
    caller = await client.get("/api/v1/contacts/c1/caller", headers=bearer("ag01"))
    assert (await caller.json())["code"] == "nothing_kept"


async def test_a_meeting_from_elsewhere_joins_nobody_by_a_claim(client, zoe):
    async def meets(how):
        body = {"channel": "email", "claims": [{"kind": "email", "value": MAIL, "how": how}], "name": "X"}
        return await (
            await client.post("/api/v1/citizens/meet", headers=bearer("operator"), json=body)
        ).json()

    stranger = await meets("sender")
    assert (stranger["sure"], stranger["why"]) == (False, "claimed")
    assert stranger["citizen"] != zoe
    assert stranger["likely"] == [zoe]
    assert (await meets("signed"))["citizen"] == zoe


@pytest.mark.parametrize("kind", ["phone", "email", "beneficiary", "franceconnect", "handle"])
@pytest.mark.parametrize(
    "value", ["", "MARK\u202e", "@", "a" * 255, "０", "x y", "\ud800", "12345678", "+3312"]
)
async def test_what_is_no_identifier_is_refused_without_being_repeated(client, kind, value):
    body = {"kind": kind, "value": value, "purpose": "request"}
    answer = await client.post("/api/v1/citizens/find", headers=bearer("auditor"), json=body)
    assert answer.status in (400, 422)
    assert not value.strip() or len(value) < 3 or value not in await answer.text()


async def test_the_key_is_rotated_and_everything_still_opens(client, known, zoe):
    begun = await client.post("/api/v1/vault/rotation", headers=bearer("operator"))
    assert begun.status == 202
    finished = False
    while not finished:
        answer = await client.get("/api/v1/vault/rotation", headers=bearer("operator"))
        finished = (await answer.json())["finished"]
    assert not known.keyring.before.exists()
    assert (await look(client, "auditor", zoe, "request"))[1]["name"] == MARK


NAMES = [
    "Zoé Ünïcode", "李小龍", "محمد بن سلمان", "Ελένη Παπαδοπούλου", "Нина О’Брайен", "ゆい", "שָׁלוֹם", "ᐃᓄᒃᑎᑐᑦ",
    "நிலா", "👩\u200d🦽", "Z" + "\u0301" * 150, "\u202eliametoN\u202c", "O'Hara; DROP TABLE",
    "<b>Zoé</b>", "a\tb\nc", "\x00", "\ud800", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_name_in_any_script_is_kept_as_it_is_written_and_repeated_nowhere(
    client, known, name, caplog
):
    caplog.set_level("DEBUG")
    claim = {"kind": "email", "value": MAIL, "how": "account"}
    body = json.dumps({"channel": "counter", "claims": [claim], "name": name})
    answer = await client.post(
        "/api/v1/citizens/meet", headers=bearer("operator") | {"Content-Type": "application/json"}, data=body
    )
    told = await answer.json()
    if name == "\ud800":  # half a sign: no text at all
        assert (answer.status, "ud800" in str(told)) == (400, False)
        return
    assert answer.status == 200, told
    exported = await (await client.get(at(told["citizen"], "export"), headers=bearer("auditor"))).json()
    assert exported["citizen"]["name"] == name
    assert name not in str(told)
    assert name.strip() not in caplog.text or not name.strip()


async def test_an_address_that_others_use_proves_nobody_any_more(client, known, zoe):
    async def meets():
        return await known.register.recognise([Claim(spell("email", MAIL), "signed")], "email")

    async def corrected(says, role="auditor", value="MARK.zoe@example.org", kind="email"):
        body = {"kind": kind, "value": value, "says": says}
        answer = await client.post(at(zoe, "identifiers"), headers=bearer(TOKENS[role]), json=body)
        return answer.status, await answer.json()

    assert (await meets()).citizen == zoe
    status, seen = await corrected("shared")
    shared = {each["kind"]: each.get("shared", False) for each in seen["identifiers"]}
    assert (status, shared, MAIL in str(seen)) == (200, {"email": True, "phone": False}, False)
    assert (await meets()).why == "shared"
    await corrected("theirs_alone", "supervisor")
    assert (await meets()).citizen == zoe
    assert (await corrected("not_theirs"))[0] == 200
    assert (await meets()).likely == ()
    for says in ("shared", "not_theirs"):
        assert (await corrected(says))[1]["code"] == "unknown_identifier"
    assert (await corrected("shared", value="nonsense"))[1]["code"] == "bad_identifier"
    assert (await corrected("shared", "agent"))[1]["code"] == "not_allowed"
