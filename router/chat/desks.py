"""Agents' sockets: each one carries all the chats in its agent's hands.

It never lets an agent see or write in a chat that is not in their hands.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from router.chat.peer import GOING_AWAY
from router.chat.rooms import Unreadable
from router.chat.seen import in_hands_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.chat.peer import Peer
    from router.chat.room import Room
    from router.chat.rooms import Rooms
    from router.door import Door

MOST = 5  # sockets of one agent


class Desks:
    """`open` a socket, `call` agents to a chat."""

    def __init__(self, door: Door, rooms: Rooms) -> None:
        self._door, self._rooms = door, rooms
        self._peers: dict[str, set[Peer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def full(self, agent: str) -> bool:
        return len(self._peers.get(agent, ())) >= MOST

    async def open(self, agent: str, peer: Peer, after: Mapping[str, int]) -> None:
        """Tell it all that is in this agent's hands, and whatever comes. Raises Unavailable or OSError."""
        self._peers.setdefault(agent, set()).add(peer)
        for chat in await self._door.read(lambda state: in_hands_of(state, agent)):
            with contextlib.suppress(Unreadable):
                room = await self._rooms.find(chat)
                if room is not None:
                    await self._join(room, agent, peer, after.get(chat, 0))

    def close(self, agent: str, peer: Peer) -> None:
        peers = self._peers.get(agent, set())
        peers.discard(peer)
        if not peers:
            self._peers.pop(agent, None)
        for room in self._rooms:
            if peer in room.desks:
                room.leave(peer)

    def call(self, room: Room, agents: Iterable[str]) -> None:
        """This chat is in their hands now: their open sockets hear it from its beginning."""
        for agent in agents:
            for peer in self._peers.get(agent, ()):
                if peer not in room.desks:
                    task = asyncio.get_running_loop().create_task(self._called(room, agent, peer))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        for peers in self._peers.values():
            for peer in peers:
                peer.end(GOING_AWAY)

    async def _called(self, room: Room, agent: str, peer: Peer) -> None:
        try:
            await self._join(room, agent, peer, 0)
        except OSError:
            peer.end(GOING_AWAY)  # it comes back, and is told then

    async def _join(self, room: Room, agent: str, peer: Peer, after: int) -> None:
        async with peer.joining:
            if peer not in room.desks:
                await room.join(peer, min(after, room.last), agent)
        if agent not in room.agents:
            room.desks.pop(peer, None)
