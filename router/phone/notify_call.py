"""Messages by telephone: Asterisk rings the citizen and plays sound files. It answers what became of it.

It has an AMI link of its own, up while there is somebody to ring: the gateway's callers never wait for it.
The number is in the dialled channel alone; it is never logged.
"""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from router.notify.delivery import Delivery
from router.phone import ami, controls_ami
from router.phone.wire import Wire

if TYPE_CHECKING:
    from router.notify.ways import Message
    from router.phone.settings import AmiSettings

log = logging.getLogger(__name__)

LINK_S = 5.0  # to reach Asterisk
PLAY_S = 180.0  # from the answer to the end of the message
IDLE_S = 30.0  # a link nobody uses is let go
NUMBER = re.compile(r"\+[0-9]{6,15}")
SOUND = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9/_.-]{0,199}")
# Asterisk's reasons for an Originate that nobody answered
REASONS = {"1": "no_answer", "3": "no_answer", "5": "busy", "8": "congested"}


class VoiceSettings(Struct, frozen=True):
    """`dial`: the channel, with `{number}` in the number's place."""

    ami: AmiSettings
    dial: str
    caller: str = ""
    ring_s: float = 30.0


class VoiceCalls:
    """`router.notify.ways.Sender`. `stop` it at the end."""

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._wire: Wire | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._calls: dict[str, asyncio.Queue[object]] = {}
        self._turn, self._up = asyncio.Lock(), asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None

    async def send(self, message: Message) -> Delivery:
        """Ring and play. Only who heard it all has been told."""
        if not NUMBER.fullmatch(message.to) or not all(map(SOUND.fullmatch, message.prompts)):
            return Delivery("never", "unusable")
        call = f"guichet-{message.key}"
        if call in self._calls or not message.prompts:
            return Delivery("never", "unusable")
        self._calls[call] = asyncio.Queue()
        try:
            return _told(await self._rung(call, message))
        finally:
            del self._calls[call]
            if not self._calls:
                self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._let_go)

    async def arrived(self, reference: str) -> Delivery | None:
        """Nothing more comes after a call."""
        return None

    async def stop(self) -> None:
        self._let_go()

    async def _rung(self, call: str, message: Message) -> Delivery:
        here = self._settings
        try:
            wire = await self._linked()
        except (TimeoutError, OSError):
            return Delivery("later", "unreachable")
        ring = controls_ami.Notify(
            channel=here.dial.replace("{number}", message.to),
            call=call,
            sounds="&".join(message.prompts),
            language=message.language.partition("-")[0],
            caller=here.caller,
            ring_ms=round(here.ring_s * 1000),
        )
        try:
            await wire.act(ring)
        except ami.Unsent:
            return Delivery("later", "unreachable")
        except ami.Denied:  # such a call is there already, or Asterisk does not know the channel
            return Delivery("later", "refused")
        except ami.Unknown:
            return Delivery("later", "cut_off", unsure=True)
        try:
            async with asyncio.timeout(here.ring_s + PLAY_S):
                return await self._outcome(self._calls[call])
        except TimeoutError:
            return Delivery("later", "timeout", unsure=True)

    async def _outcome(self, said: asyncio.Queue[object]) -> Delivery:
        answered = False
        while True:
            match await said.get():
                case controls_ami.SpyRung(success=False, reason=reason):
                    return Delivery("later", REASONS.get(reason, "unreachable"))
                case controls_ami.SpyRung():
                    answered = True
                case controls_ami.Notified(whole=whole):
                    return Delivery("taken", "heard") if whole else Delivery("never", "no_sound")
                case ami.HungUp():
                    return Delivery("later", "hung_up" if answered else "unreachable")
                case ami.LinkLost():
                    return Delivery("later", "cut_off", unsure=True)

    async def _linked(self) -> Wire:
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
            if self._wire is None:
                secret = await asyncio.to_thread(Path(self._settings.ami.secret_file).read_text)
                self._wire = Wire(self._settings.ami, secret.strip())
                self._hearing = asyncio.get_running_loop().create_task(self._hear(self._wire))
                self._wire.connect()
            wire = self._wire
            async with asyncio.timeout(LINK_S):
                await self._up.wait()
            return wire

    async def _hear(self, wire: Wire) -> None:
        while True:
            event = await wire.events.get()
            if isinstance(event, ami.LoggedIn):
                self._up.set()
            elif isinstance(event, ami.LinkLost):
                self._up.clear()
                for queue in self._calls.values():
                    queue.put_nowait(event)
            else:
                name = getattr(event, "spy", "") or getattr(event, "uniqueid", "")
                if (mine := self._calls.get(name)) is not None:
                    mine.put_nowait(event)

    def _let_go(self) -> None:
        if self._hearing is not None:
            self._hearing.cancel()
        if self._wire is not None:
            self._wire.close()
        self._wire = self._hearing = self._idle = None
        self._up.clear()


def _told(delivery: Delivery) -> Delivery:
    if delivery.result != "taken":
        log.warning("a citizen has not heard a message", extra={"code": delivery.code})
    return delivery
