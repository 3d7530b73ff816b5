"""Makes Asterisk's channels and the state agree, after each login and whenever something is not known.

The state is asked first: whoever it holds and Asterisk then does not know has really left. It must be over
before anything is offered: the gateway says `up` only here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from router.core.events import Gateway
from router.core.policy import SECOND
from router.phone import ami, ami_actions
from router.phone.ami_agents import DeviceState, DeviceStateList, read
from router.phone.beat import set_ring
from router.phone.seen import Held, survey

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.events import Event
    from router.core.state import State
    from router.door import Door
    from router.phone.calls import Calls
    from router.phone.devices import Devices
    from router.phone.readoption import Readoption
    from router.phone.said import Input
    from router.phone.settings import PhoneSettings
    from router.phone.wire import Wire

STATUS_S = 10.0
BOOTED_S = 0.5  # Asterisk says it right after the login, if the manager account may read `system`


class Resync:
    """`booted` as Asterisk says since when it runs; `look` does it all."""

    def __init__(
        self,
        door: Door,
        settings: PhoneSettings,
        calls: Calls,
        devices: Devices,
        readoption: Readoption,
        note: Callable[[Input], None],
        put: Callable[[str, Event], None],
    ) -> None:
        self._door, self._settings = door, settings
        self._calls, self._devices, self._readoption = calls, devices, readoption
        self._note, self._put = note, put
        self._booted_at = 0  # owner's clock
        self._booted = asyncio.Event()

    def heard(self, event: ami.AmiEvent) -> None:
        """What a look must know beforehand."""
        if isinstance(event, ami.LoggedIn):
            self._booted.clear()
        elif isinstance(event, ami.Booted):
            self._booted_at = self._door.now() - event.uptime * SECOND
            self._booted.set()

    async def look(self, wire: Wire) -> None:
        """Compare, tell what differs, take callers back, and say that offers may be made."""
        await self._when_booted()
        await set_ring(self._door, wire, self._settings)
        since = self._calls.inputs
        held = await self._door.read(self._held)
        self._devices.look()
        states = [each for row in await wire.act(DeviceStateList(), STATUS_S) if (each := read(row))]
        rows = await wire.act(ami_actions.Status(), STATUS_S)
        for said in survey(rows, held, self._settings.endpoints, since):
            self._note(said)
        phones = [each for each in states if isinstance(each, DeviceState)]
        known = await self._door.read(self._known_devices)
        for tell in self._devices.seen(rows, phones, self._calls.callers, known):
            self._put(tell.contact, tell.event)
        await self._readoption.take_back(wire)
        self.say("up")

    def say(self, state: Literal["up", "down"]) -> None:
        """Whether this Asterisk's callers can be steered; in order with what was said before."""
        self._put(f"gateway/{self._settings.name}", Gateway(self._settings.name, state))

    async def _when_booted(self) -> None:
        """Whether Asterisk has restarted must be known before anybody is called absent."""
        try:
            async with asyncio.timeout(BOOTED_S):
                await self._booted.wait()
        except TimeoutError:
            self._booted.set()  # this Asterisk does not tell: asked once per login

    def _held(self, state: State) -> list[Held]:
        held = []
        for contact in state.contacts.values():
            if contact.via == self._settings.name and contact.state in ("waiting", "offered", "connected"):
                offer = state.offers.get(contact.offer or "")
                rung = (offer.offer, offer.agent) if offer else ("", "")
                older = contact.arrived_at < self._booted_at
                held.append(Held(contact.contact, *rung, older, contact.second or ""))
        return held

    def _known_devices(self, state: State) -> dict[str, str]:
        here = self._settings.name
        return {agent.agent: agent.devices[here] for agent in state.agents.values() if here in agent.devices}
