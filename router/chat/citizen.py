"""`/chat/v1/socket`: a citizen writes. No cookie, no account: the client's own key opens its chat again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from router.api.problems import Problem
from router.api.route import RawRoute
from router.chat.peer import REPLACED
from router.chat.protocol import (
    Choose,
    FromCitizen,
    Hello,
    Leave,
    Message,
    Read,
    Say,
    Standing,
    Trouble,
    Typing,
    encode,
    read_citizen,
)
from router.chat.room import kept_id
from router.chat.rooms import TooMany, Unreadable
from router.chat.speaking import first_word, open_socket, words
from router.chat.stated import stated
from router.door import Unavailable
from router.log.chat_store import Closed, Full

if TYPE_CHECKING:
    from router.chat.gateway import ChatGateway
    from router.chat.peer import SocketPeer
    from router.chat.room import Room

ADDRESS = "/chat/v1/socket"
SOCKETS = 5  # of one chat


class CitizenSocket:
    """One handler for all of them."""

    def __init__(self, chat: ChatGateway) -> None:
        self._chat = chat

    def routes(self) -> list[RawRoute]:
        return [RawRoute("chat", "GET", ADDRESS, self.listen, own_check=True)]

    async def listen(self, request: web.Request) -> web.StreamResponse:
        self._refuse_foreign(request)
        async with open_socket(request) as peer:
            room = await self._hello(peer)
            if room is not None:
                try:
                    await self._serve(peer, room)
                finally:
                    room.leave(peer)
            return peer.socket

    async def _hello(self, peer: SocketPeer) -> Room | None:
        """The chat it opens; None: the client was told why not."""
        hello = await first_word(peer, read_citizen)
        if not isinstance(hello, Hello):
            _tell(peer, "bad_message", "begin with a hello that has a key of 22 characters or more")
            return None
        try:
            room = await self._chat.rooms.enter(hello, stated({"email": hello.email, "phone": hello.phone}))
            if room is None:
                peer.put(encode(Standing("closed")))
                return None
            for other in list(room.citizens)[: max(0, len(room.citizens) - SOCKETS + 1)]:
                other.end(REPLACED)
            await room.join(peer, min(hello.after, room.last))
            await self._chat.said(room)
        except TooMany:
            self._chat.count("crowded")
            _tell(peer, "too_many", "too many people are writing just now", retry_s=30)
        except Unreadable:
            _tell(peer, "unknown_chat", "what belongs to this key was deleted: begin with another key")
        except (OSError, Unavailable):
            _tell(peer, "unavailable", "try again in a moment", retry_s=1)
        except (Closed, Full):
            return room
        else:
            return room
        return None

    async def _serve(self, peer: SocketPeer, room: Room) -> None:
        """Until the client leaves or the peer is ended."""
        async for said in words(peer, read_citizen):
            if peer.too_fast():
                _tell(peer, "too_fast", "slower, please", said.id if isinstance(said, Say) else "", 1)
            else:
                await self._take(peer, room, said)

    async def _take(self, peer: SocketPeer, room: Room, said: FromCitizen) -> None:
        id = said.id if isinstance(said, Say) else ""
        try:
            match said:
                case Say():
                    await self._say(peer, room, said)
                case Typing():
                    room.typing("citizen")
                case Read():
                    room.read("citizen", said.n)
                case Choose():
                    await self._chat.choose(room, said.channel, yes=said.yes)
                case Leave():
                    await self._chat.leave(room)
        except Closed:
            _tell(peer, "closed", "this chat is over: begin with another key", id)
        except Full:
            _tell(peer, "too_long", "this chat holds no more messages", id)
        except (OSError, Unavailable):
            _tell(peer, "unavailable", "not kept: send it again", id, 1)

    async def _say(self, peer: SocketPeer, room: Room, said: Say) -> None:
        if not (said.text.strip() or said.choice or said.attachment):
            _tell(peer, "bad_message", "there is nothing in it", said.id)
            return
        if said.attachment and not await room.has_file(said.attachment):
            _tell(peer, "bad_message", "send the file first", said.id)
            return
        id = kept_id("citizen", "", said.id)
        message = Message(0, id, "citizen", 0, said.text, choice=said.choice, attachment=said.attachment)
        await room.say(message, peer)
        await self._chat.said(room)

    def _refuse_foreign(self, request: web.Request) -> None:
        """A browser says which site its page is of: ours, or one that the agency named."""
        origin = request.headers.get("Origin")
        if origin is None or origin in self._chat.settings.origins:
            return
        try:
            netloc = urlsplit(origin).netloc
        except ValueError:
            netloc = ""
        if not netloc or netloc.lower() != request.host.lower():
            raise Problem("foreign_origin", "name this web site in gateways.chat.origins")


def _tell(peer: SocketPeer, code: str, message: str, id: str = "", retry_s: int = 0) -> None:
    peer.put(encode(Trouble(code, message, id, retry_s)))
