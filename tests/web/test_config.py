"""The policy over HTTP: read whole, replaced, one lever pulled; bounds are kept, each change is an event."""

from __future__ import annotations

import asyncio
import contextlib

import msgspec
import pytest

from router.core.events import Config
from router.core.policy import Policy
from tests.web.conftest import bearer

pytestmark = pytest.mark.server

PATH = "/api/v1/config"


async def policy(client):
    return await (await client.get(PATH, headers=bearer("designer"))).json()


async def pull(client, path, value, token="supervisor"):
    body = {"path": path, "value": value, "reason": "many wait"}
    return await client.patch(PATH, json=body, headers=bearer(token))


async def test_it_is_spelt_out(client, door):
    shown = await policy(client)
    assert shown["hash"] == "cafe"
    assert shown["policy"]["channels"]["phone"]["exclusive"] is True
    assert msgspec.convert(shown["policy"], Policy) == door.state.policy


async def test_what_was_read_can_be_put_back(client, door):
    shown = (await policy(client))["policy"]
    shown["offer_expiry"] = 20_000_000
    answer = await client.put(PATH, json={"policy": shown, "reason": "tried"}, headers=bearer("operator"))
    assert answer.status == 200, await answer.text()
    assert door.state.policy.offer_expiry == 20_000_000
    event = door.entries[-1].event
    assert isinstance(event, Config)
    assert (event.by, event.reason, event.hash) == ("operator", "tried", "beef")


async def test_a_lever_changes_one_value(client, door):
    before = door.state.policy
    answer = await pull(client, "topics.housing.needs.housing", 5)
    assert answer.status == 200, await answer.text()
    assert door.state.policy.topics["housing"].needs == {"housing": 5}
    assert door.state.policy.weights == before.weights
    assert door.entries[-1].event.by == "supervisor"


async def test_a_time_may_be_named_as_in_the_configuration_and_is_then_in_seconds(client, door):
    assert (await pull(client, "topics.housing.target_s", 120)).status == 200
    assert door.state.policy.topics["housing"].target == 120_000_000
    assert (await pull(client, "offer_expiry_s", 20.5)).status == 200
    assert door.state.policy.offer_expiry == 20_500_000
    for wrong in ("soon", 1e308, True, -1):
        assert (await pull(client, "offer_expiry_s", wrong)).status == 422


async def test_names_with_dots_are_found(client, door):
    shown = (await policy(client))["policy"]
    shown["topics"]["a.b"] = {"needs": {"housing": 1}}
    await client.put(PATH, json={"policy": shown}, headers=bearer("operator"))
    assert (await pull(client, "topics.a.b.target", 90_000_000)).status == 200
    assert door.state.policy.topics["a.b"].target == 90_000_000


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("weigths.wait", 1, "did you mean 'weights'?"),
        ("weights.wat", 1, "did you mean 'wait'?"),
        ("weights", 1, "Expected"),
        ("weights.wait", "much", "Expected"),
        ("weights.wait", -1, "must be 0 to"),
        ("offer_expiry", 0, "must be 1000000 to"),
        ("offer_expiry", 10**30, ""),
        ("channels.phone.capacity", 101, "must be 0 to 100"),
        ("channels", {}, "is missing"),
        ("agents.ag01.skills", {"housing": 11}, "must be 1 to 10"),
        ("agents", {"Marie Curie": {"skills": {}}}, "names are letters"),
        ("weights.wait.more", 1, "nothing so named"),
    ],
)
async def test_levers_that_would_harm(client, door, path, value, said):
    before = len(door.entries)
    answer = await pull(client, path, value)
    body = await answer.json(content_type="application/problem+json")
    assert answer.status == 422, body
    assert said in body["detail"]
    assert len(door.entries) == before


async def test_of_two_levers_pulled_at_once_neither_undoes_the_other(client, door, monkeypatch):
    submit, arrived = door.submit, asyncio.Barrier(2)

    async def slow(event):
        with contextlib.suppress(TimeoutError):  # both at once, if nothing makes the second wait
            await asyncio.wait_for(arrived.wait(), 0.2)
        return await submit(event)

    monkeypatch.setattr(door, "submit", slow)
    levers = pull(client, "weights.wait", 7), pull(client, "offer_expiry", 20_000_000)
    assert [answer.status for answer in await asyncio.gather(*levers)] == [200, 200]
    assert (door.state.policy.weights.wait, door.state.policy.offer_expiry) == (7, 20_000_000)
