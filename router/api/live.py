"""`/api/v1/live`: a WebSocket that tells what happens, as it happens. It takes nothing but a token.

The token comes in the Authorization header, in the page's session cookie, or in a first message {"token": …}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp import WSMsgType, web

from router.api.listener import NOT_ALLOWED, NOT_SIGNED_IN, TRY_AGAIN, Listener, close
from router.api.messages import Hello
from router.api.origin import refuse_foreign
from router.api.problems import Problem
from router.api.route import PREFIX, RawRoute
from router.door import Unavailable

if TYPE_CHECKING:
    from router.api.gate import Gate
    from router.api.hub import Hub
    from router.api.permissions import Caller
    from router.api.sessions import Sessions
    from router.api.tokens import Keyring
    from router.door import Door

FIRST_WITHIN = 5.0  # seconds for the first message
LONGEST = 1024  # bytes a client may send in one message
PING_EVERY = 20.0  # seconds


class First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends first if it could not send a header."""

    token: str


class Live:
    """The socket of the API."""

    def __init__(self, door: Door, gate: Gate, keyring: Keyring, sessions: Sessions, hub: Hub) -> None:
        self._door = door
        self._gate = gate
        self._keyring = keyring
        self._sessions = sessions
        self._hub = hub

    def routes(self) -> list[RawRoute]:
        return [RawRoute("live", "GET", f"{PREFIX}/live", self.listen, own_check=True)]

    async def listen(self, request: web.Request) -> web.StreamResponse:
        caller = self._gate.caller(request)
        bearer = caller is not None
        caller = caller or self._sessions.caller(request)
        refuse_foreign(request, needed=caller is not None and not bearer)
        if "Authorization" in request.headers and not bearer:
            raise Problem("not_signed_in", "this token is not known here")
        if caller is not None and not caller.may("live"):
            raise Problem("not_allowed", f"the role {caller.role} may not listen")
        if self._hub.full:
            raise Problem("overloaded", "too many sockets are open", headers={"Retry-After": "10"})
        socket = web.WebSocketResponse(heartbeat=PING_EVERY, max_msg_size=LONGEST, timeout=2.0)
        if not socket.can_prepare(request).ok:
            raise Problem("bad_request", "this address speaks WebSocket: send Upgrade: websocket")
        await socket.prepare(request)
        if caller is None:
            caller = await self._first(socket)
        if caller is None:
            await close(socket, NOT_SIGNED_IN)
        elif not caller.may("live"):
            await close(socket, NOT_ALLOWED)
        else:
            await self._serve(socket, caller)
        return socket

    async def _first(self, socket: web.WebSocketResponse) -> Caller | None:
        try:
            message = await socket.receive(FIRST_WITHIN)
            if message.type is not WSMsgType.TEXT:
                return None
            return self._keyring.holder(msgspec.json.decode(message.data, type=First).token)
        except (TimeoutError, msgspec.DecodeError, UnicodeError):
            return None

    async def _serve(self, socket: web.WebSocketResponse, caller: Caller) -> None:
        listener = Listener(socket, caller)
        self._hub.add(listener)  # before the number is read: nothing falls between
        try:
            try:
                n = await self._door.read(lambda state: state.n)
            except Unavailable:
                await close(socket, TRY_AGAIN)
                return
            listener.put(msgspec.json.encode(Hello(caller.role, caller.agent, n)).decode())
            await listener.run()
        finally:
            self._hub.remove(listener)
