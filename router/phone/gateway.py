"""The phone gateway: joins one Asterisk to the log. The shell around the pure reducer.

It translates and decides nothing. When it stops, callers stay with music and then the native queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from router.core.events import Agent, Answer, Config, Gateway, Gone, Takeover
from router.door import Unavailable
from router.phone import ami, recordings, reduce
from router.phone.agi_server import AgiServer
from router.phone.announce import announce
from router.phone.beat import beat, set_ring
from router.phone.calls import Calls
from router.phone.devices import Devices
from router.phone.drift_watch import watch
from router.phone.entry import Entry, Keeper
from router.phone.flow_line import FlowLine
from router.phone.hands import Hands
from router.phone.looks import Looks
from router.phone.native_queue_run import NativeQueue
from router.phone.outbox import Outbox
from router.phone.readoption import Readoption
from router.phone.resync import Resync
from router.phone.ruling import Ruling
from router.phone.said import Closed, Do, Look, Ordered, Tell, Told, Wake, Woke
from router.phone.wire import Wire
from router.phone.works import Works

if TYPE_CHECKING:
    from router.core.events import Event
    from router.door import Door, Released
    from router.phone.caller import Known
    from router.phone.flow_calls import Flows
    from router.phone.leases import AsteriskLease
    from router.phone.said import Input
    from router.phone.settings import PhoneSettings

log = logging.getLogger(__name__)


class PhoneGateway:
    """`start` and `stop`. `count` hears a word for each thing worth counting (`docs/reference/phone.md`)."""

    def __init__(
        self,
        door: Door,
        settings: PhoneSettings,
        vault: Keeper,
        *,
        is_open: Callable[[], bool] = lambda: True,
        count: Callable[[str], None] = lambda word: None,
        drift: Callable[[str], None] = lambda kind: None,
        lease: AsteriskLease | None = None,
        register: Known | None = None,
        flows: Flows | None = None,
    ) -> None:
        """`flows`: what answers in the built-in menu's place."""
        self.settings = settings
        self._door = door
        self._count = count
        self._drift = drift
        self._lease = lease
        self._ours = asyncio.Event()  # the lease is ours, if there is one
        self._calls = Calls(settings.endpoints)
        self._devices = Devices(settings.name, settings.endpoints)
        self._native = NativeQueue(door, settings.endpoints, settings.compare_s, count, drift)
        self._outbox = Outbox(door, self._heard, self._lost)
        put = self._outbox.put
        readoption = Readoption(door, settings, vault, is_open, self.note, put, count)
        self._readoption = readoption
        self._resync = Resync(door, settings, self._calls, self._devices, readoption, self.note, put)
        self._ruling = Ruling(door)
        self._entry = Entry(
            door, self._ruling, vault, settings, is_open, self.note, count, self._receipt, register
        )
        menu = self._entry.receive
        self._flows = flows(self.note, self._receipt, menu, count) if flows is not None else None
        self._line = FlowLine(self._flows, self._calls)
        answer = self._flows.receive if self._flows is not None else menu
        self._agi = AgiServer(settings.agi, answer, lambda word: count(f"agi_{word}"))
        self._wire: Wire | None = None
        self._looks = Looks(self._resync, readoption, count)
        self._hands = Hands(door, self.note, count)
        self._works = Works()
        self._hush: Callable[[], None] = lambda: None

    @property
    def agi_port(self) -> int:
        return self._agi.port

    @property
    def linked(self) -> bool:
        """Whether Asterisk can be steered: the link is up and what its channels do is known."""
        return self._calls.linked

    async def start(self) -> None:
        """Listen for calls and keep a link to Asterisk. Raises OSError without the port or the secret."""
        secret = await asyncio.to_thread(Path(self.settings.ami.secret_file).read_text)
        self._hush = self._door.listen(self._released)
        try:
            await self._agi.start()
        except OSError:
            self._hush()
            raise
        may = self._lease.held if self._lease is not None else lambda: True
        self._wire = self._hands.wire = wire = Wire(self.settings.ami, secret.strip(), may)
        works = (
            self._link(wire),
            self._follow(wire),
            self._looks.run(wire),
            self._native.run(wire),
            self._looks.run_back(wire),
            self._keep(),
            watch(self._door, self.settings, self._calls, wire, self._looks.now, self._drift),
            beat(self._door, wire, self._count),
        )
        for work in works:
            self._works.spawn(work)
        if self.settings.recordings:
            folder = Path(self.settings.recordings)
            self._works.spawn(recordings.expire(folder, self.settings.keep_days, self._count))

    async def stop(self) -> None:
        """Take no more calls, tell what is known, let go of Asterisk."""
        self._hush()
        await self._agi.stop()
        if self._wire is not None:
            self._wire.close()
        await self._works.stop()
        await self._outbox.stop(within_s=1.0)
        if self._lease is not None:
            await self._lease.give_up()

    # ---- what is said

    def note(self, said: Input) -> None:
        """Tell the reducer, and carry out what follows. Never raises: a listener of the log must not."""
        try:
            follows = reduce.apply(self._calls, said)
        except Exception:
            log.exception("the calls could not follow what was said; looking at the channels instead")
            follows = [Look("")]
        for each in follows:
            match each:
                case Tell():
                    self._outbox.put(each.contact, each.event)
                    if isinstance(each.event, Answer) and each.event.reason == "unreachable":
                        self._count("unreachable")
                        about = {
                            "contact": each.contact,
                            "agent": each.event.agent,
                            "offer": each.event.offer,
                        }
                        log.warning("the agent's phone is not known to Asterisk or not there", extra=about)
                case Do():
                    self._works.spawn(self._hands.do(each))
                case Wake():
                    woke = Woke(each.contact, each.offer)
                    asyncio.get_running_loop().call_later(each.after_s, self.note, woke)
                case Look():
                    self._looks.now()

    def _released(self, released: Released) -> None:
        """The log's listener: effects that name us, and whoever is gone by another's word."""
        event = released.entry.event
        self._native.heard(released)
        self._ruling.heard(released)
        if isinstance(event, Agent):
            self._tell(self._devices.again([event.agent]))
        elif isinstance(event, Takeover) and self._wire is not None and self._wire.up:
            self._looks.now()  # the new reign holds every gateway for down until it has looked
        elif isinstance(event, Gateway) and (event.gateway, event.state) == (self.settings.name, "up"):
            self._tell(self._devices.again())
        for effect in released.entry.effects:
            if getattr(effect, "via", "") == self.settings.name:
                self.note(Ordered(effect, released.do_before))
        if isinstance(event, Gone):
            self.note(Closed(event.contact, released.do_before))
        elif isinstance(event, Config) and self._wire is not None:
            self._works.spawn(set_ring(self._door, self._wire, self.settings))

    def _receipt(self, contact: str) -> str:
        try:
            return reduce.receipt(self._calls, contact, self._door.now())
        except Unavailable:
            return "wait"  # no longer the owner: another will find the caller

    def _heard(self, event: Event, refusal: str) -> None:
        if refusal:
            self._count("refused")
        elif isinstance(event, Gone) and event.reason == "fallback":
            self._looks.back()
        self.note(Told(event, refusal))

    def _lost(self) -> None:
        """The next look at the channels finds what was dropped."""
        self._count("dropped")
        self._looks.soon()

    async def _follow(self, wire: Wire) -> None:
        """Asterisk's events, one after the other."""
        while True:
            event = await wire.events.get()
            if isinstance(event, ami.LoggedIn):
                self._count("logins")
                self._native.logged_in()
                self._looks.now()
            elif isinstance(event, ami.Booted):
                self._works.spawn(set_ring(self._door, wire, self.settings))
            elif isinstance(event, ami.LinkLost):
                self._resync.say("down")
            elif isinstance(event, ami.Announce):
                self._works.spawn(announce(self._door, wire, event, self._line.told))
            elif isinstance(event, ami.Keyed | ami.Asks):
                if isinstance(event, ami.Keyed) and (call := self._line.keyed(event)) is not None:
                    self._works.spawn(self._line.leave(wire, call))
                if key := self._line.typed(event):
                    self._works.spawn(self._line.press(wire, event.channel, key))
            elif isinstance(event, ami.HungUp) and (call := self._line.whose(event)) is not None:
                self._works.spawn(self._line.left(call.contact, talked=call.phase == "talking"))
            self._resync.heard(event)
            self._readoption.heard(event)
            self.note(event)
            self._tell(self._devices.heard(event, self._calls.callers))

    def _tell(self, tells: list[Tell]) -> None:
        for each in tells:
            self._outbox.put(each.contact, each.event)

    # ---- whether it is ours

    async def _link(self, wire: Wire) -> None:
        """A standby must not hear what it could only tell too late: the link comes with the pool."""
        while True:
            try:
                await self._door.read(lambda state: state.n)
            except Unavailable as fault:
                await asyncio.sleep(fault.retry_after)
            else:
                await self._ours.wait()
                wire.connect()
                return

    async def _keep(self) -> None:
        """The right to steer this Asterisk. Without it its callers cannot be served by us."""
        if self._lease is None:
            self._ours.set()
        else:
            await self._lease.keep(self._door, self._leased)

    def _leased(self, ours: bool) -> None:
        if ours:
            self._ours.set()
            if self._wire is not None and self._wire.up:
                self._looks.now()
                self._native.logged_in()
        else:
            self.note(ami.LinkLost())
            self._resync.say("down")
