"""The citizen's yes or no to a proposed channel over HTTP."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core.events import Choice, Config
from tests.web.test_contacts import create, offer_of, post, ready

pytestmark = pytest.mark.server


async def choose(client, token="operator", **json):
    return await post(client, "/contacts/c2/choice", token, **json)


async def test_a_choice_is_recorded_with_who_said_it_and_what_was_not_proposed_is_refused(client, door):
    await door.submit(Config(replace(door.state.policy, propose_to=("email",), propose_past=100), "f00d"))
    await ready(client)
    await create(client, contact="c1", channel="phone")
    await post(client, f"/offers/{await offer_of(client)}/answer", "ag01", answer="accepted")
    await create(client, contact="c2", channel="phone")
    assert door.state.contacts["c2"].proposed == ("email",)
    other = await choose(client, channel="callback", choice="accepted")
    assert (other.status, (await other.json())["code"]) == (409, "not_now")
    nobody = await choose(client, token="ag01", channel="email", choice="refused")
    assert nobody.status == 403
    said = await choose(client, channel="email", choice="refused")
    assert (said.status, (await said.json())["channel"]) == (200, door.state.contacts["c2"].channel)
    assert [entry.event for entry in door.entries][-1] == Choice("c2", "email", "refused", "operator")
    again = await choose(client, channel="email", choice="accepted")
    assert again.status == 409
