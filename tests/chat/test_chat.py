"""A chat from its first word to its end, on a real server: questions, an agent, both writing, the end."""

from __future__ import annotations

import asyncio

import pytest

from tests.chat.conftest import Agent, Citizen
from tests.phone.until import until
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]


def text(wanted: str):
    return lambda message: message.get("text") == wanted


async def with_agent(site: Process, agent: Agent) -> Citizen:
    """A citizen who was asked nothing, in conversation with this agent."""
    await agent.ready()
    citizen = Citizen(site, language="fr", topic="housing")
    await agent.accept(await citizen.stands("waiting"))
    await citizen.stands("with_agent")
    return citizen


async def test_from_the_first_question_to_the_end(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = Citizen(site)
    asked = await citizen.until(lambda message: message.get("choices"))
    await citizen.client.say(choice="fr")
    asked = await citizen.until(lambda message: "housing" in {c["id"] for c in message.get("choices", ())})
    assert asked["by"] == "guichet"
    await citizen.client.say("housing")
    await citizen.stands("waiting")
    await ag01.ready()
    async with ag01.page():
        await ag01.accept(citizen.client.chat)
        await citizen.stands("with_agent")
        await citizen.client.say("Bonjour, où en est mon dossier ?")
        heard = await ag01.until(text("Bonjour, où en est mon dossier ?"))
        assert (heard["chat"], heard["by"]) == (citizen.client.chat, "citizen")
        await ag01.say(citizen.client.chat, "Je regarde.")
        answered = await citizen.until(text("Je regarde."))
        assert (answered["by"], "agent" in answered, "chat" in answered) == ("agent", False, False)
        await site.ask("POST", f"contacts/{citizen.client.chat}/ended", ag01.token)
        await citizen.stands("closed")
    assert [message["n"] for message in citizen.heard] == list(range(1, len(citizen.heard) + 1))


async def test_who_comes_back_hears_what_they_lack_and_nothing_twice(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    chat = citizen.client.chat
    async with ag01.page():
        await ag01.until(lambda message: message["type"] == "welcome")
        citizen.running.cancel()
        for n in range(150):
            await ag01.say(chat, f"line {n}")
            await asyncio.sleep(0.005)  # within what one socket may send
        await ag01.until(text("line 149"))
        citizen.running = asyncio.create_task(citizen.client.run())
        await citizen.until(text("line 149"))
    assert [m["text"] for m in citizen.heard if m["by"] == "agent"] == [f"line {n}" for n in range(150)]


async def test_the_same_words_said_twice_under_one_id_are_one_message(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    async with ag01.page():
        await ag01.until(lambda message: message["type"] == "welcome")
        for _ in range(3):
            await ag01.say(citizen.client.chat, "once", "x1")
        await until(lambda: sum(message.get("id") == "x1" for message in ag01.heard) >= 3)
    assert len({m["n"] for m in ag01.heard if m.get("id") == "x1"}) == 1
    assert [m["text"] for m in citizen.heard if m["by"] == "agent"] == ["once"]


async def test_a_killed_server_forgets_no_message_and_no_question(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    await citizen.client.say("kept")
    await citizen.client.all_kept()
    await site.kill()
    await citizen.client.say("said while nobody was there")
    await site.start()
    citizen.client.url = site.url.replace("http", "ws", 1) + "chat/v1/socket"
    async with asyncio.timeout(20):
        await citizen.client.all_kept()
    async with ag01.page():
        await ag01.until(text("said while nobody was there"))
    assert [m["text"] for m in ag01.heard if m.get("by") == "citizen"] == [
        "kept",
        "said while nobody was there",
    ]


async def test_an_agent_reads_and_writes_only_what_is_in_their_hands(site: Process):
    ag01, ag02 = Agent(site, "ag01"), Agent(site, "ag02")
    citizen = await with_agent(site, ag01)
    async with ag02.page():
        await ag02.say(citizen.client.chat, "let me in")
        told = await ag02.until(lambda message: message["type"] == "problem")
        assert told["code"] == "not_yours"
    assert [message["type"] for message in ag02.heard] == ["problem"]
    assert not [message for message in citizen.heard if message["by"] == "agent"]


async def test_who_leaves_while_waiting_is_gone(site: Process):
    citizen = Citizen(site, language="fr", topic="housing")
    await citizen.stands("waiting")
    await citizen.client.send(type="leave")
    await citizen.stands("closed")
    _, story = await site.ask("GET", f"contacts/{citizen.client.chat}", "demo-supervisor")
    assert story["contact"]["state"] == "gone"


async def test_a_transfer_keeps_thread_and_place(site: Process):
    ag01 = Agent(site, "ag01")
    citizen = await with_agent(site, ag01)
    chat = citizen.client.chat
    await citizen.client.say("my story")
    await citizen.client.all_kept()
    status, said = await site.ask("POST", f"contacts/{chat}/transfer", ag01.token, {"topic": "family"})
    assert status == 200, said
    await citizen.stands("waiting")
    async with ag01.page():
        await ag01.say(chat, "still me?")
        assert (await ag01.until(lambda message: message["type"] == "problem"))["code"] == "not_yours"
    other = Agent(site, "ag04")
    await other.ready()
    async with other.page():
        await other.accept(chat)
        await other.until(text("my story"))
        await other.say(chat, "I read it")
        await citizen.until(text("I read it"))
