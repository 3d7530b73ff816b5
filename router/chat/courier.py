"""Takes what is written in one chat to the messaging service it came from, in order, until it is taken there.

To the room it is one more peer. A message may arrive there twice, after a crash or a lost answer, always
under the same number: the service knows it by that.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec

from router.chat.peer import Peer
from router.chat.protocol import Message, Standing, ToClient
from router.chat.signature import SIGNATURE, TIME, sign
from router.outward import Failed, Outward

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.chat.room import Room
    from router.chat.settings import Service

log = logging.getLogger(__name__)

_decode = msgspec.json.Decoder(ToClient).decode
PATIENCE_S = (1.0, 300.0)  # before the first and the longest wait between two tries


class Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the service is told. `n` counts within the chat."""

    chat: str
    n: int
    handle: str
    text: str
    choices: tuple[str, ...] = ()


class Courier:
    """`run` until the chat is over; `delivered` notes how far it came."""

    def __init__(
        self, service: Service, room: Room, after: int, delivered: Callable[[Room, int], Awaitable[None]]
    ) -> None:
        self._service, self._room, self._after, self._delivered = service, room, after, delivered
        self._outward = Outward(service.server)

    async def run(self) -> None:
        while True:
            peer = Peer()
            joining = asyncio.create_task(self._room.join(peer, self._after))
            try:
                if await self._carried_all(peer):
                    return
            except OSError as fault:  # our own store is away
                log.info("messages wait: %s", fault, extra={"contact": self._room.chat})
                await asyncio.sleep(PATIENCE_S[0])
            finally:
                joining.cancel()
                await asyncio.gather(joining, return_exceptions=True)
                self._room.leave(peer)

    async def _carried_all(self, peer: Peer) -> bool:
        """Whether the chat is over; if not, more came than can wait: what lacks is told again."""
        while not peer.over:
            told = _decode(await peer.next())
            if isinstance(told, Message) and told.n > self._after:
                if told.by != "citizen":
                    await self._carry(told)
                self._after = told.n
                await self._delivered(self._room, self._after)
            elif isinstance(told, Standing) and told.state == "closed":
                return True
        return False

    async def _carry(self, message: Message) -> None:
        labels = tuple(option.label for option in message.choices)
        carried = Carried(self._room.chat, message.n, self._room.handle, message.text, labels)
        wait = PATIENCE_S[0]
        while True:
            at = int(time.time())
            signed = sign(self._service.secret, at, msgspec.json.encode(carried))
            try:
                answer = await self._outward.ask(
                    "POST", body=carried, headers={TIME: str(at), SIGNATURE: signed}
                )
                if answer.status < 300:
                    return
                if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
                    log.warning("a messaging service refuses a message", extra={"contact": self._room.chat})
                    return
                wait = max(wait, answer.retry_after)
            except Failed as fault:
                log.info("a messaging service is away: %s", fault.code, extra={"contact": self._room.chat})
            await asyncio.sleep(min(wait, PATIENCE_S[1]))
            wait = min(2 * wait, PATIENCE_S[1])
