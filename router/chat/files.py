"""Files that go with a chat: what may be sent, up and down over HTTP, sealed with its messages.

A file is never shown in a page: it is given as a download, with the type that its first bytes show.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import msgspec
from aiohttp import web
from msgspec import Struct

from router.api.bodies import bounded
from router.api.gate import CALLER
from router.api.problems import Problem
from router.api.route import PREFIX, RawRoute
from router.chat.rooms import Unreadable
from router.log.chat_store import Closed, Full

if TYPE_CHECKING:
    from router.chat.gateway import ChatGateway
    from router.chat.room import Room
    from router.chat.rooms import Rooms
    from router.chat.thread import Thread

LONGEST = 5 * 1024 * 1024  # bytes of one file
NAME_MAX = 120  # characters

# What it may be, by how it begins. Nothing here runs anything when it is opened.
KINDS: dict[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
TEXT = "text/plain; charset=utf-8"


class File(Struct, frozen=True):
    """One file as it is sealed."""

    name: str
    kind: str
    content: bytes


class Received(Struct, frozen=True):
    """What to name in a `say`."""

    attachment: str


def kind_of(content: bytes) -> str | None:
    """Its type; None: none that may be sent."""
    for begins, kind in KINDS.items():
        if content.startswith(begins):
            return kind
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return TEXT if content and b"\0" not in content else None


class Files:
    """The routes of both sides. A citizen shows the chat's key as a bearer token."""

    def __init__(self, chat: ChatGateway) -> None:
        self._chat = chat

    def routes(self) -> list[RawRoute]:
        ours, theirs = "/chat/v1/attachments", f"{PREFIX}/contacts/{{contact}}/attachments"
        return [
            RawRoute("chat", "POST", ours, self._citizen_sends, own_check=True),
            RawRoute("chat", "GET", f"{ours}/{{file:[0-9a-f]{{16}}}}", self._citizen_gets, own_check=True),
            RawRoute("chats", "POST", theirs, self._agent_sends, cookie=False),
            RawRoute("chats", "GET", f"{theirs}/{{file:[0-9a-f]{{16}}}}", self._agent_gets, cookie=True),
        ]

    async def _citizen_sends(self, request: web.Request) -> web.StreamResponse:
        chat, thread = await thread_of(self._chat.rooms, request)
        return await self._keep(request, chat, thread)

    async def _citizen_gets(self, request: web.Request) -> web.StreamResponse:
        chat, thread = await thread_of(self._chat.rooms, request)
        return await self._give(request, chat, thread)

    async def _agent_sends(self, request: web.Request) -> web.StreamResponse:
        room = self._of_agent(request)
        return await self._keep(request, room.chat, room.thread)

    async def _agent_gets(self, request: web.Request) -> web.StreamResponse:
        room = self._of_agent(request)
        return await self._give(request, room.chat, room.thread)

    def _of_agent(self, request: web.Request) -> Room:
        room = self._chat.rooms.get(request.match_info["contact"])
        if room is None or request[CALLER].agent not in room.agents:
            raise Problem("not_yours", "this chat is not in your hands")
        return room

    async def _keep(self, request: web.Request, chat: str, thread: Thread) -> web.StreamResponse:
        content = await bounded(request, LONGEST)
        kind = kind_of(content)
        if kind is None:
            raise Problem("bad_request", "send a PDF, a PNG or JPEG image, or plain text in UTF-8")
        name = unquote(request.headers.get("X-File-Name", ""))[:NAME_MAX]
        name = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"') or "file"
        id = secrets.token_hex(8)
        try:
            await thread.keep(id, msgspec.msgpack.encode(File(name, kind, content)))
        except Full:
            raise Problem("too_large", "this chat holds no more files") from None
        except Closed:
            raise Problem("not_now", "this chat is over") from None
        except OSError:
            raise away() from None
        return web.json_response(msgspec.to_builtins(Received(id)), status=200)

    async def _give(self, request: web.Request, chat: str, thread: Thread) -> web.StreamResponse:
        try:
            sealed = await thread.kept(request.match_info["file"])
        except OSError:
            raise away() from None
        if sealed is None:
            raise Problem("unknown_route", "there is no such file in this chat")
        return download(msgspec.msgpack.decode(sealed, type=File))


async def thread_of(rooms: Rooms, request: web.Request) -> tuple[str, Thread]:
    """The chat of whoever shows its key as a bearer token, or a Problem."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    try:
        chat = await rooms.known(key.strip()) if scheme.lower() == "bearer" else None
        thread = await rooms.thread(chat) if chat is not None else None
    except OSError:
        raise away() from None
    except Unreadable:
        chat = thread = None
    if chat is None or thread is None:
        raise Problem("not_signed_in", "send Authorization: Bearer with the key of a chat")
    return chat, thread


def download(file: File) -> web.Response:
    """Never shown in a page."""
    return web.Response(
        body=file.content,
        headers={
            "Content-Type": file.kind,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )


def away() -> Problem:
    """What is kept cannot be reached."""
    return Problem("vault_unavailable", "try again in a moment", headers={"Retry-After": "1"})
