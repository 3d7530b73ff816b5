"""/metrics, /healthz and /readyz: what machines read, counted from released entries alone."""

from __future__ import annotations

import asyncio
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from router.core.events import Contact, Gone, Refused, Takeover, Tick
from router.core.step import step
from router.door import Unavailable
from tests.web.conftest import bearer
from tests.web.test_contacts import create, post, ready

pytestmark = pytest.mark.server


async def samples(client):
    answer = await client.get("/metrics")
    assert answer.status == 200
    families = text_string_to_metric_families(await answer.text())
    return {
        (sample.name, *sorted(value for name, value in sample.labels.items() if name != "pool")): sample.value
        for family in families
        for sample in family.samples
    }


async def test_each_contact_is_counted_once(client, door):
    await create(client, contact="a")
    door.pass_time(20)
    await ready(client)
    await post(client, "/offers/o1/answer", "ag01", answer="accepted")
    await post(client, "/contacts/a/transfer", "ag01", topic="family")  # transferred: served already
    await post(client, "/contacts/a/gone", "supervisor")
    await create(client, contact="b", topic="family", language="en")
    await post(client, "/contacts/b/gone", "supervisor")
    await door.submit(Contact("c", "phone", ({"rights": 1},), waited=5_000_000))
    await door.submit(Gone("c", "fallback"))
    await create(client, contact="d", topic="family", language="en")
    seen = await samples(client)
    assert seen["guichet_contacts_arrived_total", "chat"] == 3
    assert seen["guichet_contacts_served_total", "chat"] == 1
    assert seen["guichet_contacts_abandoned_total", "chat"] == 1
    assert seen["guichet_contacts_fallback_total", "phone"] == 1
    assert seen["guichet_contacts_waiting", "chat"] == 1
    assert seen["guichet_wait_seconds_sum", "chat"] == 20
    assert seen["guichet_offer_seconds_count", "accepted"] == 1


async def test_attained_over_promised_by_channel_topic_and_language(client, door):
    """In time, late, gone, and waiting beyond the target: one of four is in time, 80 % were promised."""
    await create(client, contact="late")
    door.pass_time(61)
    await create(client, contact="kept")
    await ready(client)
    for offer in ("o1", "o2"):
        await post(client, f"/offers/{offer}/answer", "ag01", answer="accepted")
    await create(client, contact="left", topic="family", language="en")
    await post(client, "/contacts/left/gone", "supervisor")
    await create(client, contact="waits", topic="family", language="en")
    await create(client, contact="undecided", topic="family", language="en", target_s=1000)
    door.pass_time(61)
    seen = await samples(client)
    assert seen["guichet_promise_by_channel", "chat"] == pytest.approx(0.25 / 0.8)
    assert seen["guichet_promise_by_channel", "phone"] != seen["guichet_promise_by_channel", "phone"]  # NaN
    assert (await client.get("/api/v1/promises")).status == 401
    assert (await client.get("/api/v1/promises", headers=bearer("ag01"))).status == 403
    told = await (await client.get("/api/v1/promises", headers=bearer("supervisor"))).json()
    views = {view["by"]: {each["name"]: each for each in view["classes"]} for view in told["views"]}
    assert views["channel"]["chat"] == {
        "name": "chat", "decided": 4, "kept": 1, "attained": 0.25, "over_promised": pytest.approx(0.3125),
    }  # fmt: skip
    assert {name: (each["decided"], each["kept"]) for name, each in views["topic"].items()} == {
        "housing": (2, 1),
        "family": (2, 0),
    }
    assert views["language"]["en"]["attained"] == 0


async def test_the_page_and_the_metrics_agree_on_who_left_unserved(client, door):
    async def page():
        sign = await client.post("/sign-in", data={"token": "operator"})
        found = re.findall(
            r'<div class="(\w+)"><dt>[^<]*</dt><dd class="number">([^<]*)</dd>', await sign.text()
        )
        return {name: int(number) for name, number in found}

    await create(client, contact="transferred", topic="family", language="en")
    await ready(client, "ag02")
    await post(client, "/offers/o1/answer", "ag02", answer="accepted")
    await post(client, "/contacts/transferred/transfer", "ag02", needs={"rights": 1})
    assert await page() == {"waiting_now": 1, "arrived": 1, "served": 1, "abandoned": 0}
    await post(client, "/contacts/transferred/gone", "supervisor")
    await create(client, contact="left", needs={"rights": 1})
    await post(client, "/contacts/left/gone", "supervisor")
    await door.submit(Contact("queued", "phone", ({"rights": 1},)))
    await door.submit(Gone("queued", "fallback"))
    seen = await samples(client)
    assert [seen[f"guichet_contacts_{kind}_total", "chat"] for kind in ("served", "abandoned")] == [1, 1]
    figures = {"waiting_now": 0, "arrived": 3, "served": 1, "abandoned": 1}
    assert await page() == figures
    await door.submit(Takeover(2))  # begun anew from the state alone
    await asyncio.sleep(0)
    assert await page() == figures
    door.pass_time(24 * 3600)
    await door.submit(Tick())  # forgets them
    await create(client, contact="left", needs={"rights": 1})
    assert await page() == {"waiting_now": 1, "arrived": 1, "served": 0, "abandoned": 0}


async def test_gauges_of_now(client, door):
    await ready(client)
    await create(client, contact="d", topic="family", language="en")
    door.pass_time(7)
    door.age = 0.5
    seen = await samples(client)
    assert seen["guichet_agents", "ready"] == 1
    assert seen[("guichet_agents_idle",)] == 1
    assert seen["guichet_longest_wait_seconds", "chat"] == 7
    assert seen[("guichet_last_append_age_seconds",)] == 0.5
    assert seen[("guichet_log_entries",)] == door.state.n


async def test_an_expired_offer_is_missed_and_refusals_are_counted(client, door):
    await ready(client)
    await create(client)
    door.pass_time(16)
    await door.submit(Refused("not_now"))
    seen = await samples(client)
    assert seen["guichet_offer_seconds_count", "missed"] == 1
    assert seen["guichet_events_refused_total", "not_now"] == 1


async def test_ready_only_while_the_log_takes_appends(client, door):
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 200
    door.age = 2.0
    answer = await client.get("/readyz")
    body = await answer.json()
    assert (answer.status, body["ready"]) == (503, False)
    assert "no append for 2 s" in body["reasons"][0]
    assert (await client.get("/healthz")).status == 200


async def test_without_the_log_the_figures_of_this_process_are_still_told(client, door):
    door.unavailable = Unavailable("log_unavailable", "Redis is gone")
    door.age = 30.0
    assert (await samples(client))[("guichet_last_append_age_seconds",)] == 30


@pytest.mark.parametrize("channel", ["chat", "phone"])
async def test_answers_are_counted_by_class(client, channel):
    await create(client, channel=channel)
    await client.get("/api/v1/agents")
    seen = await samples(client)
    assert seen["guichet_http_responses_total", "2xx"] >= 1
    assert seen["guichet_http_responses_total", "4xx"] == 1
    assert (await client.get("/api/v1/agents", headers=bearer("operator"))).status == 200


async def test_after_a_takeover_what_others_wrote_is_taken_up(client, door):
    """Another owner's entries are not released here: only the state knows of them."""
    step(door.state, Contact("theirs", "email", ({"rights": 1},)), door.clock)
    assert (await samples(client))["guichet_contacts_waiting", "email"] == 0
    door.pass_time(3)
    await door.submit(Takeover(2))
    await asyncio.sleep(0)
    await door.submit(Gone("theirs"))
    await door.submit(Contact("ours", "email", ({"rights": 1},)))
    seen = await samples(client)
    assert seen["guichet_contacts_waiting", "email"] == 1
    assert seen["guichet_contacts_abandoned_total", "email"] == 1
