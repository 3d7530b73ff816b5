"""`guichet contacts` and `agents` as a person runs them, against the application."""

from __future__ import annotations

import asyncio

import pytest

from router.cli import main
from router.core.events import Consulted, Contact, Control, Device, Found
from tests.web.test_contacts import ready
from tests.web.test_conversations import talking

pytestmark = pytest.mark.server


@pytest.fixture
def guichet(client, capsys, monkeypatch):
    async def run(token, *words):
        monkeypatch.setenv("GUICHET_TOKEN", token)
        code = await asyncio.to_thread(main, [*words, "--url", str(client.make_url("")).rstrip("/")])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


async def test_those_to_call_back_in_order(guichet, door):
    for name, waited in (("later", 0), ("sooner", 60_000_000)):
        await door.submit(Contact(name, "phone", ({"rights": 1},), via="phone", waited=waited))
        await door.submit(Found(name, "lost"))
    await door.submit(Contact("waiting", "phone", ({"rights": 1},), via="phone"))
    code, said = await guichet("supervisor", "contacts", "--lost")
    assert code == 0
    assert [line.split()[0] for line in said.splitlines()] == ["CONTACT", "sooner", "later"]


async def test_a_conversation_is_controlled(guichet, client, door, asterisk):
    await talking(client, door)
    assert await guichet("ag01", "contacts", "c1", "hold") == (0, "done\n")
    assert await guichet("supervisor", "contacts", "c1", "listen", "--phone", "desk") == (0, "done\n")
    controls = [entry.event for entry in door.entries if isinstance(entry.event, Control)]
    assert controls == [Control("c1", "hold", "ag01"), Control("c1", "listen", "supervisor", "desk")]
    assert await guichet("ag01", "contacts", "c1", "consult", "--agent", "ag02") == (0, "done\n")
    await door.submit(Consulted("c1", "ag02", "over"))
    assert await guichet("ag01", "contacts", "c1", "transfer", "--topic", "family") == (0, "done\n")
    code, said = await guichet("ag01", "contacts", "c1", "hold")
    assert (code, "not_yours" in said) == (1, True)


async def test_an_agent_s_phone_is_listed(guichet, client, door):
    await ready(client)
    await door.submit(Device("ag01", "phone", "unreachable"))
    code, said = await guichet("supervisor", "agents", "ag01")
    assert code == 0
    assert said.splitlines()[1].split()[:3] == ["ag01", "ready", "-"]
    assert "unreachable" in said
