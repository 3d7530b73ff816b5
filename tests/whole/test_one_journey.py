"""A citizen writes a letter, then chats, then calls from the number on file: one person, one journey.

Dovecot, Exim, Asterisk, SIPp, Redis and `guichet serve` are real; what agents do goes over the HTTP API.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from router.demo.chat_client import ChatClient
from tests.mail.office import CONFIG, letter
from tests.phone.guichet import Guichet, configure, serve
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.until import until

pytestmark = [
    pytest.mark.long,
    pytest.mark.asterisk,
    pytest.mark.server,
    pytest.mark.redis,
    pytest.mark.timeout(180),
]

EMAIL, NUMBER = "zoe@citizens.test", "+33612345678"
AGENT, TOKEN = "ag07", "demo-agent-ag07"
LOYER = "Bonjour,\nma demande d'aide au logement n'est pas traitée et je paie mon loyer.\nMerci"
VOUCHED = {"Authentication-Results": "mx.guichet.test; dmarc=pass header.from=citizens.test"}


class Desk:
    """What one agent does, and what a supervisor sees."""

    def __init__(self, guichet: Guichet) -> None:
        self._guichet = guichet

    async def ask(self, method: str, path: str, token: str = TOKEN, **body: object) -> tuple[int, dict]:
        more = {"json": body} if body else {}
        headers = {"Authorization": f"Bearer {token}"}
        address = f"/api/v1/{path}"
        async with self._guichet.session.request(method, address, headers=headers, **more) as reply:
            return reply.status, json.loads(await reply.read() or b"{}")

    async def does(self, method: str, path: str, token: str = TOKEN, **body: object) -> dict:
        status, said = await self.ask(method, path, token, **body)
        assert status in (200, 201), (path, said)
        return said

    async def the(self, channel: str, *states: str) -> str | None:
        """The contact of this channel, if it is in one of these states."""
        page = await self.does("GET", f"contacts?channel={channel}", "demo-supervisor")
        return next((each["contact"] for each in page["contacts"] if each["state"] in states), None)

    async def takes(self, contact: str) -> bool:
        """Accept this one when it is offered; decline the others: they wait on."""
        for each in (await self.does("GET", "contacts?state=offered", "demo-supervisor"))["contacts"]:
            story = await self.does("GET", f"contacts/{each['contact']}", "demo-supervisor")
            for offer in story["offers"]:
                if offer["state"] == "open" and offer["agent"] == AGENT:
                    answer = "accepted" if each["contact"] == contact else "declined"
                    await self.ask("POST", f"offers/{offer['offer']}/answer", answer=answer)
                    if answer == "accepted":
                        return True
        return False

    async def makes_sure(self, contact: str, known: str) -> None:
        """Who is behind the contact in hand may be somebody known: by the agency's questions, it is."""
        behind = (await self.does("GET", f"contacts/{contact}/caller"))["citizen"]
        seen = await self.does("GET", f"citizens/{behind}?purpose=serve&contact={contact}")
        assert known in seen["likely"], "the agent is shown who it may be"
        assert known not in seen["citizens"], "a claim alone joins nobody"
        await self.does("POST", f"citizens/{behind}/merge", other=known, why="confirmed", contact=contact)

    async def journey(self, citizen: str) -> dict:
        return await self.does("GET", f"citizens/{citizen}/journey?purpose=complaint", "demo-supervisor")


async def test_a_letter_a_chat_and_a_call_are_one_journey(lab, folder, servers):
    box = "whole"
    servers.box(box)

    def everything(lab, folder: Path, http: int) -> Path:
        config = configure(lab, folder, http)
        mail = CONFIG.format(
            smtp=servers.smtp, imap=servers.imap, name=box, password=servers.at / "password", folder=folder
        )
        (config / "mail.yaml").write_text(mail)
        (config / "chat.yaml").write_text("gateways: {chat: {}}\n")
        return config

    async with serve(lab, folder, everything) as guichet, agents(lab, folder, talk=(8000, 9000)):
        desk = Desk(guichet)
        on_file = [
            {"kind": "email", "value": EMAIL, "how": "account"},
            {"kind": "phone", "value": NUMBER, "how": "account"},
        ]
        known = (
            await desk.does("POST", "citizens/meet", "demo-supervisor", claims=on_file, channel="counter")
        )["citizen"]

        servers.put(box, [letter(EMAIL, "Mon loyer", LOYER, "w1", **VOUCHED)])
        mail = await until(lambda: desk.the("email", "waiting"), 30)

        chat = await _chats(desk, guichet, mail, known)

        call = await _calls(desk, lab, folder, guichet, known)

        story = await until(lambda: _whole(desk, known, {mail, chat, call}), 30)
        told = [(each["what"], each.get("channel", ""), each.get("contact")) for each in story["entries"]]
        asked = [(channel, contact) for what, channel, contact in told if what == "asked"]
        assert asked == [("email", mail), ("chat", chat), ("phone", call)], told
        assert [each for each in told if each[0] == "answered"] == [("answered", "", chat)], told
        assert [each for each in story["open"] if each["what"] in ("questioned", "asked")] == []


async def _chats(desk: Desk, guichet: Guichet, mail: str, known: str) -> str:
    """The same question by chat: answered there, so the letter waits no more, and nobody answers it again."""
    async with guichet.session.get("/healthz") as reply:
        address = str(reply.url.with_path("/chat/v1/socket").with_scheme("ws"))
    heard: list[dict] = []
    client = ChatClient(address, heard.append, language="fr", topic="housing", email=EMAIL)
    running = asyncio.create_task(client.run())
    await until(lambda: client.standing.get("state") == "waiting")
    await guichet.ready(AGENT)
    await until(lambda: desk.takes(client.chat))
    await until(lambda: client.standing.get("state") == "with_agent")
    await desk.makes_sure(client.chat, known)
    await _says(guichet, client.chat, "Votre dossier est complet : réponse demain.")
    await until(lambda: any(each["by"] == "agent" for each in heard))
    said = await desk.does("POST", f"contacts/{mail}/answered", by=client.chat)
    assert (said["state"], said["reason"]) == ("gone", "answered")
    assert await desk.does("POST", f"contacts/{mail}/answered", by=client.chat) == said, "said twice: once"
    assert (await desk.ask("POST", f"contacts/{mail}/answer", text="Encore une réponse"))[0] == 403
    await desk.does("POST", f"contacts/{client.chat}/ended")
    await desk.ask("POST", f"contacts/{client.chat}/done")
    await until(lambda: client.standing.get("state") == "closed")
    running.cancel()
    return client.chat


async def _says(guichet: Guichet, chat: str, text: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with guichet.session.ws_connect("/api/v1/chats", headers=headers) as socket:
        await socket.send_json({"type": "hello"})
        async for message in socket:
            told = json.loads(message.data)
            if told["type"] == "standing":
                await socket.send_json({"type": "say", "chat": chat, "id": "1", "text": text})
            elif told["type"] == "message" and told["by"] == "agent":
                return
            assert message.type is aiohttp.WSMsgType.TEXT
            assert told["type"] != "problem", told


async def _calls(desk: Desk, lab, folder: Path, guichet: Guichet, known: str) -> str:
    """From the number on file, which proves nothing: the agent sees who it may be, and makes sure."""
    presses = [(1200, guichet.key("languages", "fr")), (1500, guichet.key("topics", "housing"))]
    calling = asyncio.create_task(
        citizens(lab, folder, [Call("32300001", patience=40_000)], keyed=Keys(presses, "info"), user=NUMBER)
    )
    call = await until(lambda: desk.the("phone", "connected"), 40)
    await desk.makes_sure(call, known)
    await calling
    return call


async def _whole(desk: Desk, known: str, contacts: set[str]) -> dict | None:
    """The journey, once all three contacts have come to their end in it."""
    story = await desk.journey(known)
    ended = {
        each.get("contact") for each in story["entries"] if each["what"] in ("ended", "gone", "answered")
    }
    return story if contacts <= ended | {each.get("about") for each in story["entries"]} else None
