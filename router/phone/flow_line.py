"""A flow's callers by what Asterisk tells of them: what they key, their place in the flow's own voice.

A key is heeded only while its caller waits, or while a flow talks to them; what others key is dropped here.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ivr_flows.session import Say
from router.phone import ami, ami_actions
from router.phone.calls import GO, ON
from router.phone.flow_sound import say_of

if TYPE_CHECKING:
    from router.phone.call import Call
    from router.phone.calls import Calls
    from router.phone.flow_calls import FlowCalls
    from router.phone.wire import Wire

MINUTE = 60


class FlowLine:
    """`keyed` says whether a key is an order to leave the line; `leave` carries it out."""

    def __init__(self, flows: FlowCalls | None, calls: Calls) -> None:
        self._flows, self._calls = flows, calls

    def keyed(self, said: ami.Keyed) -> Call | None:
        """The call that leaves the line by this key."""
        call = self._calls.by_caller(said.uniqueid)
        if self._flows is None or call is None or call.phase != "waiting":
            return None
        return call if said.digit and said.digit == self._flows.held.key(call.contact) else None

    def typed(self, said: ami.Keyed | ami.Asks) -> str:
        """For the flow that talks to this caller, if one does; the key that ends its question, or ""."""
        keys = self._flows.keys.get(said.uniqueid) if self._flows is not None else None
        if keys is None:
            return ""
        if isinstance(said, ami.Keyed):
            now = time.monotonic()
            keys.press(said.digit, now, said.at or now)
        elif said.begins:
            keys.begins()
        else:
            keys.over()
        return keys.due()

    async def press(self, wire: Wire, channel: str, key: str) -> None:
        """As if the caller had. Where it fails they hear the question to its end; their key counts then."""
        with suppress(ami.Unsent, ami.Unknown, ami.Denied):
            await wire.act(ami_actions.PlayDTMF(channel, key))

    async def leave(self, wire: Wire, call: Call) -> None:
        """Out of the hall, or out of an announcement: the dialplan then asks the flow."""
        with suppress(ami.Unsent, ami.Unknown, ami.Denied):
            await wire.act(ami_actions.Setvar(GO, f"{call.turn}:key", call.channel))
            try:
                if not call.hall:
                    raise ami.Denied("between two stays")
                await wire.act(ami_actions.BridgeKick(call.hall, call.channel))
            except ami.Denied:
                await wire.act(ami_actions.PlayDTMF(call.channel, ON))

    async def told(self, contact: str, place: str) -> str:
        """Place and wait as sounds in the citizen's language; "" where no flow answers."""
        language = self._flows.held.language(contact) if self._flows is not None else ""
        if self._flows is None or not language:
            return ""
        position, low, high = (int(part) for part in place.split(":"))
        says = [Say("house.line", language, values={"position": position})]
        if high:
            wait = {"low": low * MINUTE, "high": high * MINUTE}
            says.append(Say("house.line_wait", language, values={"wait": wait}))
        if key := self._flows.held.key(contact):
            says.append(Say("house.line_key", language, values={"key": key}))
        async with asyncio.timeout(5):
            return say_of(await self._flows.mouth.files(says))

    def whose(self, said: ami.HungUp) -> Call | None:
        """The call of a flow that ends by this, in the line or with an agent."""
        call = self._calls.by_caller(said.uniqueid)
        return call if self._flows is not None and call and call.contact in self._flows.held else None

    async def left(self, contact: str, talked: bool) -> None:
        """Its session ends too."""
        if self._flows is not None:
            await self._flows.left(contact, talked)
