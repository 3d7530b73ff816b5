"""`/api/v1/chats`: one socket on which an agent writes in all the chats in their hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from router.api.gate import CALLER
from router.api.origin import refuse_foreign
from router.api.problems import Problem
from router.api.route import PREFIX, RawRoute
from router.chat.protocol import (
    AgentHello,
    FromAgent,
    Message,
    Read,
    Say,
    Trouble,
    Typing,
    encode,
    read_agent,
)
from router.chat.room import kept_id
from router.chat.speaking import first_word, open_socket, words
from router.door import Unavailable
from router.log.chat_store import Closed, Full

if TYPE_CHECKING:
    from router.chat.gateway import ChatGateway
    from router.chat.peer import SocketPeer
    from router.chat.room import Room


class AgentSocket:
    """One handler for all of them."""

    def __init__(self, chat: ChatGateway) -> None:
        self._chat = chat

    def routes(self) -> list[RawRoute]:
        return [RawRoute("chats", "GET", f"{PREFIX}/chats", self.listen, cookie=True)]

    async def listen(self, request: web.Request) -> web.StreamResponse:
        agent = request[CALLER].agent
        refuse_foreign(request, needed="Authorization" not in request.headers)
        if self._chat.desks.full(agent):
            raise Problem("overloaded", "this agent has too many pages open", headers={"Retry-After": "10"})
        async with open_socket(request) as peer:
            try:
                await self._serve(peer, agent)
            finally:
                self._chat.desks.close(agent, peer)
            return peer.socket

    async def _serve(self, peer: SocketPeer, agent: str) -> None:
        hello = await first_word(peer, read_agent)
        if not isinstance(hello, AgentHello):
            peer.put(encode(Trouble("bad_message", "begin with a hello")))
            return
        try:
            await self._chat.desks.open(agent, peer, hello.after)
        except (OSError, Unavailable):
            peer.put(encode(Trouble("unavailable", "try again in a moment", retry_s=1)))
            return
        async for said in words(peer, read_agent):
            await self._take(peer, agent, said)

    async def _take(self, peer: SocketPeer, agent: str, said: FromAgent) -> None:
        assert not isinstance(said, AgentHello)
        id = said.id if isinstance(said, Say) else ""
        room = self._chat.rooms.get(said.chat)
        try:
            if room is None or agent not in room.agents:
                _tell(peer, said.chat, "not_yours", "this chat is not in your hands", id)
            elif isinstance(said, Say):
                await _say(peer, room, agent, said)
            elif isinstance(said, Typing):
                room.typing("agent")
            elif isinstance(said, Read):
                room.read("agent", said.n)
        except Closed:
            _tell(peer, said.chat, "closed", "this chat is over", id)
        except Full:
            _tell(peer, said.chat, "too_long", "this chat holds no more messages", id)
        except (OSError, Unavailable):
            _tell(peer, said.chat, "unavailable", "not kept: send it again", id, 1)


async def _say(peer: SocketPeer, room: Room, agent: str, said: Say) -> None:
    if not (said.text.strip() or said.attachment):
        _tell(peer, room.chat, "bad_message", "there is nothing in it", said.id)
        return
    if said.attachment and not await room.has_file(said.attachment):
        _tell(peer, room.chat, "bad_message", "send the file first", said.id)
        return
    id = kept_id("agent", agent, said.id)
    await room.say(Message(0, id, "agent", 0, said.text, attachment=said.attachment, agent=agent), peer)


def _tell(peer: SocketPeer, chat: str, code: str, message: str, id: str = "", retry_s: int = 0) -> None:
    peer.put(encode(Trouble(code, message, id, retry_s, chat)))
