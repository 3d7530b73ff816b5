"""Citizens and agents who write to each other, each line with its number, and note when it was heard."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections import defaultdict
from time import perf_counter

import aiohttp

from router.demo.chat_client import ChatClient


class Record:
    """What was said and heard in each chat, by side, and how long each message took."""

    def __init__(self) -> None:
        self.said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.heard: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.at: dict[str, float] = {}
        self.took: list[float] = []
        self.late: list[float] = []  # how late the client's own loop woke up
        self.used = 0.0  # seconds of processor the client took

    def say(self, chat: str, by: str) -> str:
        text = f"{by} {len(self.said[chat, by])} {secrets.token_hex(4)}"
        self.said[chat, by].append(text)
        self.at[text] = perf_counter()
        return text

    def hear(self, chat: str, by: str, text: str) -> None:
        self.heard[chat, by].append(text)
        self.took.append(perf_counter() - self.at[text])

    def wrong(self) -> list[str]:
        """Chats in which something was lost, doubled or out of order."""
        return [
            f"{chat} {by}: said {len(said)}, heard {len(self.heard[chat, by])}"
            for (chat, by), said in self.said.items()
            if said != self.heard[chat, by]
        ]

    @property
    def owed(self) -> int:
        """Messages said and not yet heard."""
        return sum(len(said) for said in self.said.values()) - sum(
            len(heard) for heard in self.heard.values()
        )


class Citizen:
    """One chat's citizen, by the reference client."""

    def __init__(self, url: str, record: Record) -> None:
        self._record = record
        self.client = ChatClient(f"{url}chat/v1/socket", self._hear, language="fr", topic="housing")
        self.running = asyncio.create_task(self.client.run())

    def _hear(self, message: dict) -> None:
        if message["by"] == "agent":
            self._record.hear(self.client.chat, "agent", message["text"])

    async def say(self) -> None:
        await self.client.say(self._record.say(self.client.chat, "citizen"))

    def cut(self) -> None:
        self.client.cut()


class Agent:
    """One agent's page with all their chats; like the citizen's client it says again what has no receipt."""

    def __init__(self, url: str, name: str, record: Record) -> None:
        self._url, self._name, self._record = f"{url}api/v1/chats", name, record
        self.chats: dict[str, int] = {}  # chat -> the last message heard of it
        self._unsaid: dict[str, dict] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.running = asyncio.create_task(self._run())

    async def say(self, chat: str) -> None:
        id = secrets.token_hex(8)
        self._unsaid[id] = {"type": "say", "chat": chat, "id": id, "text": self._record.say(chat, "agent")}
        await self._send(self._unsaid[id])

    def cut(self) -> None:
        if self._socket is not None:
            self._socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    async def _run(self) -> None:
        headers = {"Authorization": f"Bearer demo-agent-{self._name}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                try:
                    async with session.ws_connect(self._url) as self._socket:
                        await self._send({"type": "hello", "after": self.chats})
                        for said in list(self._unsaid.values()):
                            await self._send(said)
                        async for message in self._socket:
                            await self._take(json.loads(message.data))
                except (aiohttp.ClientError, OSError):
                    pass
                finally:
                    self._socket = None
                await asyncio.sleep(0.1)

    async def _send(self, message: dict) -> None:
        try:
            if self._socket is not None and not self._socket.closed:
                await self._socket.send_str(json.dumps(message))
        except (aiohttp.ClientError, OSError):
            return

    async def _take(self, told: dict) -> None:
        chat = told.get("chat", "")
        if told["type"] == "message":
            if told["by"] == "agent":
                self._unsaid.pop(told["id"], None)
            if told["n"] == self.chats.get(chat, 0) + 1:
                self.chats[chat] = told["n"]
                if told["by"] == "citizen":
                    self._record.hear(chat, "citizen", told["text"])
        elif told["type"] == "problem" and told["code"] in ("not_yours", "unavailable") and told["id"]:
            # The page is open again before all chats were told to it: a moment later they are there.
            await asyncio.sleep(0.05)
            if told["id"] in self._unsaid:
                await self._send(self._unsaid[told["id"]])
