"""The flow that answers the telephone answers a chat: questions, a place in line, an agent, the survey."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.conftest import Agent, Citizen
from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis]

FLOW = """\
flow: desk
title: Desk
languages: [fr]
person: agent
start: question
nodes:
  question:
    say: {fr: "Que souhaitez-vous ?"}
    menu:
      1: {label: {fr: nos horaires}, next: hours}
      2: {label: {fr: une aide au logement}, next: agent}
  hours:
    say: {fr: "Nous sommes ouverts de 9 à 17 heures."}
    next: question
  agent:
    route: housing
    next: hold
  hold:
    say: {fr: "Un instant."}
    wait: {announce_s: 30, callback_key: "1"}
    next: survey
    unavailable: sorry
  sorry:
    say: {fr: "Personne n'est là."}
    end: nobody
  survey:
    survey:
      - say: {fr: "Avez-vous eu votre réponse ?"}
        into: answered
    next: thanks
  thanks:
    say: {fr: "Merci."}
    end: done
"""
ENTRY = (
    "flows: {folder: flows, entries: {web: {flow: desk, channel: chat, draft: true}}}\ngateways: {chat: {}}\n"
)


def said(wanted: str):
    return lambda message: wanted in message.get("text", "")


@pytest.fixture
async def site(tmp_path: Path):
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "desk.yaml").write_text(FLOW)
    process = Process(tmp_path, ENTRY)
    await process.start()
    yield process
    await process.stop()


async def test_a_flow_is_walked_by_buttons_and_words_and_goes_on_after_the_agent(site: Process):
    citizen = Citizen(site, language="fr")
    asked = await citizen.until(lambda message: message.get("choices"))
    assert [choice["label"] for choice in asked["choices"]] == ["nos horaires", "une aide au logement"]
    await citizen.client.say("horaires")
    await citizen.until(said("9 à 17"))
    await citizen.client.say(choice="2")
    chat = await citizen.stands("waiting")
    ag01 = Agent(site, "ag01")
    await ag01.ready()
    async with ag01.page():
        await ag01.accept(chat)
        await citizen.stands("with_agent")
        await site.ask("POST", f"contacts/{chat}/ended", ag01.token)
        await citizen.until(said("Avez-vous eu votre réponse"))
        await citizen.client.say("5")
        await citizen.until(said("Merci."))
        await citizen.stands("closed")
    texts = [message.get("text", "") for message in citizen.heard]
    assert len([text for text in texts if "Que souhaitez-vous" in text]) == 2


async def test_a_flow_goes_on_where_it_was_after_a_kill(site: Process):
    citizen = Citizen(site, language="fr")
    await citizen.until(lambda message: message.get("choices"))
    await citizen.client.say("horaires")
    await citizen.until(said("9 à 17"))
    await site.kill()
    await site.start()
    citizen.client.url = site.url.replace("http", "ws", 1) + "chat/v1/socket"
    await citizen.client.say("2")
    await citizen.stands("waiting")
    assert len([message for message in citizen.heard if "9 à 17" in message.get("text", "")]) == 1
