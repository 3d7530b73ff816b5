"""Messages of messaging services and social networks: signed HTTP in, signed HTTP out, one chat per handle.

A handle is a claim, never proof. What a service sends twice is one message; what it does not take is sent
again, in order, under the same number.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from router.api.bodies import bounded
from router.api.problems import Problem
from router.api.route import RawRoute
from router.chat.courier import Courier
from router.chat.protocol import TEXT_MAX, ClientId, Hello, Message
from router.chat.room import kept_id
from router.chat.rooms import TooMany, Unreadable
from router.chat.signature import SIGNATURE, TIME, is_signed
from router.chat.stated import stated
from router.door import Unavailable
from router.ending import end
from router.log.chat_store import Closed, Full

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.chat.gateway import ChatGateway
    from router.chat.room import Room
    from router.chat.settings import Service

log = logging.getLogger(__name__)

ADDRESS = "/chat/v1/services/{service:[a-z0-9][a-z0-9_-]{0,39}}"
LONGEST = 64 * 1024  # bytes of one message


class Brought(Struct, frozen=True, forbid_unknown_fields=True):
    """What a service brings: one message of the person who has this handle there."""

    id: ClientId
    handle: Annotated[str, Meta(min_length=1, max_length=128)]
    text: Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]
    language: Annotated[str, Meta(max_length=35)] = ""


class Kept(Struct, frozen=True):
    """It is kept. `chat`: the contact's name."""

    chat: str


class Services:
    """`deliver` a chat's messages to the service it came from; the route takes what services bring."""

    def __init__(self, chat: ChatGateway, services: Mapping[str, Service]) -> None:
        self._chat, self._services = chat, services
        self._couriers: dict[str, asyncio.Task[None]] = {}

    def routes(self) -> list[RawRoute]:
        return [RawRoute("chat", "POST", ADDRESS, self.receive, own_check=True)]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["service"]
        service = self._services.get(name)
        body = await bounded(request, LONGEST)
        at, signature = request.headers.get(TIME, ""), request.headers.get(SIGNATURE, "")
        now = self._chat.door.now() // 1_000_000
        if service is None or not is_signed(service.secret, at, body, signature, now):
            raise Problem("not_signed_in", f"sign the body and {TIME}, as docs/reference/chat.md says")
        try:
            brought = msgspec.json.decode(body, type=Brought)
        except (msgspec.DecodeError, UnicodeError):
            raise Problem("bad_request", "the body is no message: id, handle, text") from None
        chat = await self._take(name, service, brought)
        return web.Response(body=msgspec.json.encode(Kept(chat)), content_type="application/json")

    def deliver(self, room: Room, name: str, after: int) -> None:
        """From now on the service is told what is written in this chat."""
        service = self._services.get(name)
        if service is None or room.chat in self._couriers:
            return
        courier = Courier(service, room, after, self._chat.rooms.delivered)
        task = asyncio.get_running_loop().create_task(courier.run())
        self._couriers[room.chat] = task
        task.add_done_callback(lambda _: self._couriers.pop(room.chat, None))

    async def stop(self) -> None:
        await end(self._couriers.values())

    async def _take(self, name: str, service: Service, brought: Brought) -> str:
        """The chat it is kept in."""
        hello = Hello(_key(service.secret, brought.handle), language=brought.language)
        claims = stated({"handle": f"{name}:{brought.handle}"})
        try:
            room = await self._chat.rooms.enter(hello, claims, service=name, handle=brought.handle)
            if room is None:
                raise Closed
            id = kept_id("citizen", "", brought.id)
            await room.say(Message(0, id, "citizen", 0, brought.text))
            await self._chat.said(room)
        except TooMany:
            raise Problem("overloaded", "too many chats", headers={"Retry-After": "30"}) from None
        except (Closed, Full, Unreadable):
            raise Problem("not_now", "this chat is over: send it again, and it begins another one") from None
        except (OSError, Unavailable):
            raise Problem(
                "log_unavailable", "not kept: send it again", headers={"Retry-After": "1"}
            ) from None
        return room.chat


def _key(secret: bytes, handle: str) -> str:
    """What leads to the open chat of a handle: known to whoever has the secret, and to nobody else."""
    digest = hmac.digest(secret, b"chat of " + handle.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
