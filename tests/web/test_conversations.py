"""Conversations over HTTP: transferred, consulted, controlled, each answered with what came of it."""

from __future__ import annotations

import asyncio

import pytest

from router.api import conversations
from router.api.mends import MENDS
from router.api.settings import Settings
from router.core.effects import Release
from router.core.events import Again, Contact, Control, Ended, Found, Gateway, Outcome
from tests.web.conftest import bearer
from tests.web.test_contacts import offer_of, post, ready, story
from tests.web.test_figures import samples

pytestmark = pytest.mark.server


async def talking(client, door, via="phone"):
    """c1, a call, in conversation with ag01; ag02 is free and can serve nothing of it."""
    await door.submit(
        Contact("c1", "phone", ({"housing": 3, "lang:fr": 4},), via=via, topic="housing", language="fr")
    )
    await ready(client, "ag02")
    await ready(client)
    await post(client, f"/offers/{await offer_of(client)}/answer", "ag01", answer="accepted")


async def said(answer):
    return answer.status, (await answer.json()).get("reason") or (await answer.json()).get("code", "done")


def submitted(door, kind):
    return [entry.event for entry in door.entries if isinstance(entry.event, kind)]


@pytest.mark.parametrize("what", ["hold", "unhold", "record", "pause", "resume", "stop"])
async def test_an_agent_controls_their_own_conversation_and_it_is_on_record(client, door, asterisk, what):
    await talking(client, door)
    answer = await post(client, "/contacts/c1/control", "ag01", what=what)
    assert (answer.status, await answer.json()) == (200, {"result": "done"})
    assert submitted(door, Control) == [Control("c1", what, "ag01")]
    assert asterisk.heard[-1].what == what


@pytest.mark.parametrize("what", ["listen", "whisper", "barge"])
async def test_a_supervisor_overhears_at_a_phone_of_the_configuration(client, door, asterisk, what):
    await talking(client, door)
    answer = await post(client, "/contacts/c1/control", "supervisor", what=what, phone="desk")
    assert answer.status == 200
    assert submitted(door, Control) == [Control("c1", what, "supervisor", "desk")]
    assert asterisk.heard[-1].value == "desk"


async def test_a_phone_that_is_not_configured_is_never_rung(client, door, asterisk):
    await talking(client, door)
    for phone in ("other", "0033123456789", "desk@elsewhere", "Local/1"):
        answer = await post(client, "/contacts/c1/control", "supervisor", what="listen", phone=phone)
        assert (answer.status, (await answer.json())["field"]) == (422, "phone")
    assert (await post(client, "/contacts/c1/control", "supervisor", what="listen")).status == 422
    assert (await post(client, "/contacts/c1/control", "ag01", what="hold", phone="desk")).status == 422
    assert asterisk.heard == []


async def test_who_may_do_what(client, door, asterisk):
    await talking(client, door)
    for token, what, code in (
        ("ag02", "hold", "not_yours"),
        ("ag01", "listen", "not_allowed"),
        ("supervisor", "hold", "not_allowed"),
        ("supervisor", "record", "not_allowed"),
        ("designer", "hold", "not_allowed"),
        ("operator", "listen", "not_allowed"),
    ):
        answer = await post(client, "/contacts/c1/control", token, what=what)
        assert await said(answer) == (403, code), (token, what)
    assert await said(await post(client, "/contacts/c1/consult", "ag02", agent="ag01")) == (403, "not_yours")
    assert asterisk.heard == []


class TestWhereRecordingIsOff:
    """As it is unless the configuration says otherwise."""

    @pytest.fixture
    def settings(self):
        return Settings(phones=frozenset(("desk",)))

    async def test_nobody_records_but_who_records_may_stop(self, client, door, asterisk):
        await talking(client, door)
        for what in ("record", "resume"):
            answer = await post(client, "/contacts/c1/control", "ag01", what=what)
            assert await said(answer) == (403, "recording_off")
            assert "gateways.phone.recording.allowed" in (await answer.json())["detail"]
        for what in ("pause", "stop"):
            assert (await post(client, "/contacts/c1/control", "ag01", what=what)).status == 200


@pytest.mark.parametrize(
    ("says", "status", "reason"),
    [
        (("failed", "absent"), 502, "absent"),
        (("failed", "denied"), 502, "denied"),
        (("failed", "something new"), 502, "other"),
        (("unknown", ""), 504, "unknown"),
        (None, 504, "no_answer"),
    ],
)
async def test_what_the_gateway_could_not_do_says_why_and_what_to_do(
    client, door, asterisk, monkeypatch, says, status, reason
):
    monkeypatch.setattr(conversations, "WITHIN", 0.05)
    await talking(client, door)
    asterisk.says = says
    for path, token, body in (
        ("control", "ag01", {"what": "hold"}),
        ("control", "supervisor", {"what": "barge", "phone": "desk"}),
        ("transfer", "ag01", {"topic": "family"}),
    ):
        answer = await post(client, f"/contacts/c1/{path}", token, **body)
        assert await said(answer) == (status, reason)
        assert (await answer.json())["detail"] == MENDS[reason]


async def test_what_came_of_it_is_counted(client, door, asterisk):
    await talking(client, door)
    for says in (("done", ""), ("failed", "denied"), ("done", "")):
        asterisk.says = says
        await post(client, "/contacts/c1/control", "ag01", what="hold")
    seen = await samples(client)
    assert [seen["guichet_outcomes_total", result] for result in ("done", "failed", "unknown")] == [2, 1, 0]


async def test_the_outcome_of_another_effect_answers_nobody(client, door, asterisk, monkeypatch):
    monkeypatch.setattr(conversations, "WITHIN", 0.05)
    await talking(client, door)
    asterisk.says = None
    asterisk.asked.clear()
    asking = asyncio.ensure_future(post(client, "/contacts/c1/control", "ag01", what="hold"))
    await asterisk.asked.wait()
    other = await door.submit(Control("c1", "unhold", "ag01"))
    await door.submit(Outcome(other.effects[0].effect_id, "done"))
    assert await said(await asking) == (504, "no_answer")


async def test_consult_then_complete_or_back(client, door, asterisk):
    await talking(client, door)
    assert await said(await post(client, "/contacts/c1/control", "ag01", what="complete")) == (409, "not_now")
    assert (await post(client, "/contacts/c1/consult", "ag01", agent="ag02")).status == 200
    assert door.state.contacts["c1"].second == "ag02"
    assert await said(await post(client, "/contacts/c1/control", "ag02", what="hold")) == (403, "not_yours")
    for what in ("conference", "back", "complete"):
        assert (await post(client, "/contacts/c1/control", "ag01", what=what)).status == 200
        assert asterisk.heard[-1].second == "ag02"
    await door.submit(Found("c1", "bridged", "ag02"))
    assert (await post(client, "/contacts/c1/control", "ag02", what="hold")).status == 200
    assert await said(await post(client, "/contacts/c1/control", "ag01", what="hold")) == (403, "not_yours")


async def test_a_colleague_who_does_not_answer_is_free_again(client, door, asterisk):
    await talking(client, door)
    asterisk.of_colleague = "failed"
    answer = await post(client, "/contacts/c1/consult", "ag01", agent="ag02")
    assert await said(answer) == (502, "failed")
    assert door.state.contacts["c1"].second is None


async def test_a_colleague_whose_phone_rings_on_is_asked(client, door, asterisk, monkeypatch):
    monkeypatch.setattr(conversations, "WITHIN", 0.05)
    await talking(client, door)
    asterisk.of_colleague = None
    answer = await post(client, "/contacts/c1/consult", "ag01", agent="ag02")
    assert (answer.status, await answer.json()) == (202, {"result": "asked"})


async def test_nobody_consults_themselves_a_stranger_or_who_has_no_room(client, door, asterisk):
    await talking(client, door)
    for agent, status in (("ag01", 409), ("nobody", 404)):
        assert (await post(client, "/contacts/c1/consult", "ag01", agent=agent)).status == status
    await client.put("/api/v1/agents/ag02/state", json={"state": "away"}, headers=bearer("ag02"))
    assert (await post(client, "/contacts/c1/consult", "ag01", agent="ag02")).status == 409


async def test_transfer_to_an_agent_who_lacks_the_skills_is_offered_to_them(client, door, asterisk):
    await talking(client, door)
    assert (await post(client, "/contacts/c1/transfer", "ag01", agent="ag02")).status == 200
    contact = door.state.contacts["c1"]
    assert (contact.state, door.state.offers[contact.offer].agent) == ("offered", "ag02")
    assert contact.needs == ({"housing": 3, "lang:fr": 4}, {"family": 6, "lang:en": 9})
    assert isinstance(asterisk.heard[-1], Release)
    assert asterisk.heard[-1].agent == "ag01"
    assert submitted(door, Again)[-1].by == "ag01"


async def test_transfer_to_an_agent_who_is_busy_waits_for_them_so_long_and_no_longer(client, door, asterisk):
    await talking(client, door)
    await client.put(
        "/api/v1/agents/ag02/state",
        json={"state": "ready", "skills": {"housing": 3, "lang:fr": 4}},
        headers=bearer("ag02"),
    )
    await door.submit(Contact("c2", "phone", ({"housing": 3},), via="phone"))
    await post(client, f"/offers/{await offer_of(client, 'c2')}/answer", "ag02", answer="accepted")
    assert (await post(client, "/contacts/c1/transfer", "ag01", agent="ag02", for_s=60)).status == 200
    contact = door.state.contacts["c1"]
    assert contact.state == "waiting"
    assert contact.needs == ({"housing": 3, "lang:fr": 4},)  # they meet these: nothing is added
    assert contact.prefers_until == door.now() + 60_000_000


async def test_transfers_that_make_no_sense_are_refused(client, door, asterisk):
    await talking(client, door)
    for body, status in (
        ({"agent": "nobody"}, 404),
        ({"agent": "ag01"}, 422),
        ({"agent": "ag02", "topic": "family"}, 422),
        ({"needs": {"family": 1}, "topic": "family"}, 422),
        ({"topic": "none"}, 422),
        ({"agent": "ag02", "for_s": 0}, 422),
    ):
        assert (await post(client, "/contacts/c1/transfer", "ag01", **body)).status == status, body
    await client.put("/api/v1/agents/ag02/state", json={"state": "away"}, headers=bearer("ag02"))
    assert await said(await post(client, "/contacts/c1/transfer", "ag01", agent="ag02")) == (409, "not_now")
    assert asterisk.heard == []
    assert (await story(client))["contact"]["state"] == "connected"


async def test_a_gateway_that_is_down_is_not_asked(client, door, asterisk):
    await talking(client, door)
    await door.submit(Gateway("phone", "down"))
    assert (await post(client, "/contacts/c1/control", "ag01", what="hold")).status == 409
    assert asterisk.heard == []


async def test_a_chat_has_no_phone_to_hold_and_is_transferred_at_once(client, door, asterisk):
    await talking(client, door, via="")
    assert (await post(client, "/contacts/c1/control", "ag01", what="hold")).status == 409
    assert (await post(client, "/contacts/c1/transfer", "ag01", topic="family")).status == 200
    assert asterisk.heard == []


async def test_what_has_ended_is_controlled_no_more(client, door, asterisk):
    await talking(client, door)
    await door.submit(Ended("c1"))
    assert (await post(client, "/contacts/c1/control", "ag01", what="hold")).status == 409
    assert (await post(client, "/contacts/none/control", "ag01", what="hold")).status == 404


@pytest.mark.parametrize("ended", [Ended("c1"), Found("c1", "lost"), Found("c1", "absent")])
async def test_what_ends_meanwhile_is_told_at_once(client, door, asterisk, ended):
    await talking(client, door)
    asterisk.says, asterisk.of_colleague = None, None
    asterisk.asked.clear()
    asking = asyncio.ensure_future(post(client, "/contacts/c1/control", "ag01", what="hold"))
    await asterisk.asked.wait()
    await door.submit(ended)
    assert await said(await asyncio.wait_for(asking, 2)) == (502, "absent")
