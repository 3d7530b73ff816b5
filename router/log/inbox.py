"""How a gateway in another process hands its events over: durable once `send` returned.

Each gateway numbers its envelopes 1, 2, … without holes, across restarts: the core knows a double by that
number alone. It never sends an event under a number that may already stand for another one.
"""

from __future__ import annotations

import asyncio

import msgspec
from redis.asyncio import Redis

from router.core.events import Again, Agent, Answer, Contact, Done, Ended, Found, Gone, Origin, Outcome, Tick
from router.log.errors import LogUnreachable
from router.log.keys import Keys
from router.log.lease import elapsed, new_nonce
from router.log.reply import entries, expect_ok
from router.log.script import Script, command

PATIENCE = 2.0  # seconds an unanswered envelope is sent again before the caller is told
_PAUSE = 0.05

# What a gateway may say. Takeovers, shifts, policies and refusals are the owner's own words.
GatewayEvent = Agent | Contact | Answer | Gone | Ended | Done | Again | Tick | Found | Outcome

LONGEST_NAME = 128  # of a gateway, in bytes: the state remembers each one
HIGHEST = 2**63 - 1

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[GatewayEvent] = msgspec.msgpack.Decoder(GatewayEvent)


class InboxClient:
    """The way in for a gateway in another process. Of two under one name the later shuts out the former."""

    def __init__(self, redis: Redis, pool: str, gateway: str) -> None:
        self._redis, self._keys, self._gateway = redis, Keys(pool), gateway
        self._claim, self._send = Script("claim"), Script("send")
        self._nonce = ""  # '' while we do not know the last sequence for certain
        self._last = 0
        self._turn = asyncio.Lock()

    async def open(self) -> int:
        """Claims the name; returns the last sequence ever sent under it."""
        nonce = new_nonce()
        reply = await self._claim.run(self._redis, (self._keys.senders,), self._gateway, nonce)
        self._nonce, self._last = nonce, reply[1]
        return self._last

    async def send(self, event: GatewayEvent) -> int:
        """The event is durable in the inbox; returns its sequence. LogUnreachable: it may or may not be."""
        body = _encoder.encode(event)
        async with self._turn:
            if not self._nonce:
                await self.open()
            nonce, self._nonce = self._nonce, ""  # whatever interrupts us, we no longer know
            await self._deliver(nonce, self._last + 1, body)
            self._nonce, self._last = nonce, self._last + 1
            return self._last

    async def _deliver(self, nonce: str, sequence: int, body: bytes) -> None:
        started, keys = elapsed(), (self._keys.inbox, self._keys.senders)
        while True:
            try:
                reply = await self._send.run(self._redis, keys, self._gateway, nonce, sequence, body)
                break
            except LogUnreachable:
                if elapsed() - started > PATIENCE:
                    raise
                await asyncio.sleep(_PAUSE)
        expect_ok(reply, wanted=sequence - 1)


async def read_inbox(
    redis: Redis, pool: str, position: str, count: int = 256, wait: float = 0.8
) -> list[tuple[Origin, GatewayEvent | None]]:
    """Envelopes after `position`; None stands for what is no gateway's event, or not this version's."""
    block = max(1, round(wait * 1000))
    words = ("XREAD", "COUNT", count, "BLOCK", block, "STREAMS", Keys(pool).inbox, position)
    return [_opened(id_, fields) for id_, fields in entries(await command(redis, *words))]


def _opened(id_: bytes, fields: dict[bytes, bytes]) -> tuple[Origin, GatewayEvent | None]:
    """Whatever anybody wrote there: nothing in it may end the owner."""
    position = id_.decode()
    try:
        gateway, sequence, body = fields[b"g"], int(fields[b"q"]), fields[b"e"]
        if not 0 < len(gateway) <= LONGEST_NAME or not 0 < sequence <= HIGHEST:
            raise ValueError
        origin = Origin(gateway.decode(), sequence, position)
    except (KeyError, ValueError):  # of undecodable bytes too
        return Origin("unreadable", 0, position), None
    try:
        return origin, _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return origin, None
