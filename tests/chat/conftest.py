"""A real `guichet serve` with chats, citizens who write by the reference client, agents who answer."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio

from router.demo.chat_client import ChatClient
from tests.phone.until import until
from tests.serve.process import Process

CHAT = "gateways: {chat: {silent_s: 600, announce_s: 1}}\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """One for all tests of a file."""
    process = Process(tmp_path_factory.mktemp("chat"), CHAT)
    await process.start()
    yield process
    await process.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def site(server: Process) -> AsyncIterator[Process]:
    """The server, with nobody there and nobody waiting at the end of the test."""
    yield server
    _, agents = await server.ask("GET", "agents", "demo-supervisor")
    for agent in agents["agents"]:
        if agent["state"] != "offline":
            await server.ask("PUT", f"agents/{agent['agent']}/state", "demo-supervisor", {"state": "offline"})
    for state, ways in (("waiting", ["gone"]), ("connected", ["ended", "done"]), ("wrap_up", ["done"])):
        _, page = await server.ask("GET", f"contacts?state={state}", "demo-supervisor")
        for contact in page["contacts"]:
            for way in ways:
                await server.ask("POST", f"contacts/{contact['contact']}/{way}", "demo-supervisor")


class Citizen:
    """Somebody who writes."""

    def __init__(self, site: Process, **hello: str) -> None:
        self.heard: list[dict] = []
        url = site.url.replace("http", "ws", 1) + "chat/v1/socket"
        self.client = ChatClient(url, self._hear, **hello)
        self.running = asyncio.create_task(self.client.run())

    def _hear(self, message: dict) -> None:
        self.heard.append(message)

    async def until(self, what) -> dict:
        """The first message heard that is so."""
        return await until(lambda: next(filter(what, self.heard), None))

    async def stands(self, state: str) -> str:
        """Returns the chat, once it stands so."""
        await until(lambda: self.client.standing.get("state") == state)
        return self.client.chat


class Agent:
    """An agent's page: takes every chat offered, and writes in it."""

    def __init__(self, site: Process, name: str) -> None:
        self.site, self.name = site, name
        self.heard: list[dict] = []
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    @property
    def token(self) -> str:
        return f"demo-agent-{self.name}"

    async def ready(self) -> None:
        await self.site.ask("PUT", f"agents/{self.name}/state", self.token, {"state": "ready"})

    async def accept(self, chat: str) -> None:
        """Take the open offer of this chat."""
        await until(lambda: self._accepted(chat))

    async def _accepted(self, chat: str) -> bool:
        _, story = await self.site.ask("GET", f"contacts/{chat}", "demo-supervisor")
        for offer in story.get("offers", ()):
            if offer["agent"] == self.name and offer["state"] == "open":
                answer = f"offers/{offer['offer']}/answer"
                return (await self.site.ask("POST", answer, self.token, {"answer": "accepted"}))[0] == 200
        return False

    @asynccontextmanager
    async def page(self, after: dict[str, int] | None = None):
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self.site.url.replace("http", "ws", 1) + "api/v1/chats"
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, headers=headers) as self._socket,
        ):
            await self._socket.send_json({"type": "hello", "after": after or {}})
            listening = asyncio.create_task(self._listen(self._socket))
            yield self
            listening.cancel()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.heard.append(json.loads(message.data))

    async def say(self, chat: str, text: str, id: str = "") -> str:
        id = id or secrets.token_hex(4)
        await self._socket.send_json({"type": "say", "chat": chat, "id": id, "text": text})
        return id

    async def until(self, what) -> dict:
        return await until(lambda: next(filter(what, self.heard), None))
