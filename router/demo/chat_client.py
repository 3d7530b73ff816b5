"""A small client of the chat protocol (docs/reference/chat.md), to be read and copied by whoever writes one.

It loses and doubles nothing: what was said is sent again, under the same id, until its receipt is here; what
was heard is known by its number. It needs nothing of Guichet but its address.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import Callable
from typing import Any

import aiohttp

PATIENCE_S = (0.2, 5.0)  # before the first and the longest wait between two connections


class ChatClient:
    """`run` it in a task; `say` whenever you like; `heard` is called once for each message, in order."""

    def __init__(self, url: str, heard: Callable[[dict[str, Any]], None], **hello: str) -> None:
        """`url`: ws://host/chat/v1/socket. `hello`: language, topic, entry."""
        self.url, self.heard = url, heard
        self.key = secrets.token_urlsafe(24)  # keep it to come back to this chat; show it to nobody
        self.standing: dict[str, Any] = {}
        self.chat = ""  # the contact's name, for whoever helps
        self.last = 0  # number of the last message heard
        self._hello = hello
        self._unsaid: dict[str, dict[str, Any]] = {}  # said, but its receipt is not here yet
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._told = asyncio.Event()

    async def say(self, text: str = "", **more: str) -> str:
        """Returns its id at once; it is sent now, and again after each reconnection until it is kept."""
        id = secrets.token_hex(8)
        self._unsaid[id] = {"type": "say", "id": id, "text": text, **more}
        await self._send(self._unsaid[id])
        return id

    async def send(self, **message: object) -> None:
        """Anything else: typing, read, choose, leave. Lost if there is no connection just now."""
        await self._send(message)

    def cut(self) -> None:
        """Lose the connection, as a tunnel does: to see that nothing else is lost."""
        if self._socket is not None:
            self._socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    async def all_kept(self) -> None:
        """Returns once everything that was said has its receipt."""
        while self._unsaid:
            self._told.clear()
            await self._told.wait()

    async def run(self) -> None:
        """Until the chat is closed."""
        wait = PATIENCE_S[0]
        async with aiohttp.ClientSession() as session:
            while self.standing.get("state") != "closed":
                try:
                    async with session.ws_connect(self.url, heartbeat=20) as self._socket:
                        await self._greet()
                        async for message in self._socket:
                            self._take(json.loads(message.data))
                            wait = PATIENCE_S[0]
                except (aiohttp.ClientError, OSError):
                    pass
                finally:
                    self._socket = None
                await asyncio.sleep(wait)
                wait = min(2 * wait, PATIENCE_S[1])

    async def _greet(self) -> None:
        await self._send({"type": "hello", "key": self.key, "after": self.last, **self._hello})
        for said in list(self._unsaid.values()):
            await self._send(said)

    async def _send(self, message: dict[str, Any]) -> None:
        if self._socket is not None and not self._socket.closed:
            try:
                await self._socket.send_str(json.dumps(message))
            except (aiohttp.ClientError, OSError):
                return  # the connection is lost: `run` makes another one

    def _take(self, told: dict[str, Any]) -> None:
        match told["type"]:
            case "message" if told["n"] == self.last + 1:
                self.last = told["n"]
                if told["by"] == "citizen":
                    self._unsaid.pop(told["id"], None)
                self.heard(told)
            case "message" if told["by"] == "citizen":
                self._unsaid.pop(told["id"], None)  # the receipt of something heard before
            case "welcome":
                self.chat = told["chat"]
            case "standing":
                self.standing = told
            case "problem" if told.get("id") and not told.get("retry_s"):
                self._unsaid.pop(told["id"], None)  # it will never be kept
        self._told.set()
