"""One open socket of a chat, whoever is at its other end: opened, read a message at a time, let go.

What is no message of the protocol is told to its sender and changes nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec
from aiohttp import WSMessage, WSMsgType, web

from router.api.problems import Problem
from router.chat.peer import GOING_AWAY, SocketPeer
from router.chat.protocol import AgentHello, Hello, Trouble, encode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FIRST_WITHIN = 10.0  # seconds for the hello
LONGEST = 64 * 1024  # bytes of one message
PING_EVERY = 20.0  # seconds

T = TypeVar("T")


@asynccontextmanager
async def open_socket(request: web.Request) -> AsyncIterator[SocketPeer]:
    """Whatever is put is sent until the end of the block; then the socket is closed."""
    # Without deflate: lines are short, and its windows would be the greater part of what a chat costs.
    socket = web.WebSocketResponse(heartbeat=PING_EVERY, max_msg_size=LONGEST, timeout=2.0, compress=False)
    if not socket.can_prepare(request).ok:
        raise Problem("bad_request", "this address speaks WebSocket: send Upgrade: websocket")
    await socket.prepare(request)
    peer = SocketPeer(socket)
    sending = asyncio.create_task(peer.run())
    try:
        yield peer
    finally:
        peer.end(GOING_AWAY)
        await sending


async def first_word(peer: SocketPeer, decoder: msgspec.json.Decoder[T]) -> T | None:
    """What is said first; None: nothing in time, or nothing of the protocol."""
    try:
        return _understood(await peer.socket.receive(FIRST_WITHIN), decoder)
    except TimeoutError:
        return None


async def words(peer: SocketPeer, decoder: msgspec.json.Decoder[T]) -> AsyncIterator[T]:
    """What is said after the hello, until the client leaves or the peer is ended."""
    async for received in peer.socket:
        if peer.over:
            return
        said = _understood(received, decoder)
        if said is None or isinstance(said, Hello | AgentHello):
            peer.put(encode(Trouble("bad_message", "this is no message of the protocol")))
        else:
            yield said


def _understood(received: WSMessage, decoder: msgspec.json.Decoder[T]) -> T | None:
    try:
        return decoder.decode(received.data) if received.type is WSMsgType.TEXT else None
    except (msgspec.DecodeError, UnicodeError):
        return None
