"""Calls that a flow answers: at the door, when a key takes the citizen out of the line, and after the agent.

The flow decides where the call goes; here that becomes the receipts the dialplan knows. Whatever fails before
a contact is durable leaves the receipt out, and Asterisk's own queue takes the call.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from config.fault import Faults
from ivr_flows.session import Ask, Done, Left
from router.flows.published import Unpublished
from router.log.errors import LogError
from router.phone.flow_conversation import Conversation
from router.phone.flow_door import CONTACT, Door, door_of, known
from router.phone.flow_held import HeldSessions
from router.phone.flow_keys import Keys, Press
from router.phone.flow_talk import Freed
from router.phone.said import Entered

if TYPE_CHECKING:
    from router.flows.runner import Runner, Running
    from router.phone.agi import Agi
    from router.phone.flow_sound import Mouth
    from router.phone.said import Input as Noted

log = logging.getLogger(__name__)


class FlowCalls(Struct, frozen=True):
    """`receive` is a FastAGI handler. `note` tells the reducer, `receipt` where a durable contact goes."""

    doors: Sequence[Door]
    runner: Runner
    mouth: Mouth
    note: Callable[[Noted], None]
    count: Callable[[str], None]
    receipt: Callable[[str], str]
    menu: Callable[[Agi], Awaitable[None]]  # the built-in one, where no flow is published
    held: HeldSessions = field(default_factory=HeldSessions)
    keys: dict[str, Keys] = field(default_factory=dict)  # by the caller's unique id, while a flow talks

    async def _start(self, caller: Mapping[str, str]) -> tuple[Running, tuple[Ask, ...]]:
        """Raises Unpublished, Faults or LogError where no flow can answer."""
        door = door_of(self.doors, caller["called"])
        if door is None:
            raise Unpublished("")
        session = f"s-{secrets.token_hex(8)}"
        return await self.runner.start(
            session, door.flow, "phone", dict(caller), alias=door.name, draft=door.draft
        )

    async def receive(self, agi: Agi) -> None:
        """By the script that the dialplan names: a new call, a key in the line, the end of a conversation."""
        script = agi.headers.get("network_script", "")
        contact = agi.headers.get("arg_2", "")
        caller = agi.headers.get("uniqueid", "")
        now = time.monotonic()
        keys = self.keys[caller] = Keys(now)
        try:
            if script == "key":
                held = self.held.get(contact)
                keys.echoes += [Press(held.key, now)] if held is not None else []
                await self._key(agi, contact)
            elif script == "after":
                await self._after(agi, contact)
            else:
                await self._new(agi, contact)
        finally:
            del self.keys[caller]

    async def _new(self, agi: Agi, named: str) -> None:
        contact = named if CONTACT.match(named) else f"c-{secrets.token_hex(8)}"
        try:
            running, asks = await self._start(known(agi, contact))
        except (Unpublished, Faults, LogError, OSError) as fault:
            if self.doors:
                log.info("no flow answers: %s", type(fault).__name__)
            await self.menu(agi)
            return
        self.note(Entered(contact, agi.headers.get("channel", ""), agi.headers.get("uniqueid", "")))
        if contact != named:
            await agi.set_variable("GUICHET_CONTACT", contact)
        self.count("flow")
        await self._talk(agi, running, contact, told=False).go(asks)

    async def _key(self, agi: Agi, contact: str) -> None:
        """A waiting caller pressed the key: what the flow has for that; back to the line unless it ends."""
        held = self.held.get(contact)
        if held is None:
            return
        key, held.key = held.key, ""
        running, in_line = held.running, held.running.session
        asks = await self.runner.take(running, Done("callback"))
        try:
            await self._talk(agi, running, contact, told=True).go(asks)
        except Freed:  # an agent, while the flow was asking: as if the key had not been pressed
            running.session = in_line
            self.held.hold(contact, running, key)

    async def _after(self, agi: Agi, contact: str) -> None:
        """The agent has hung up and the citizen is still there: a survey, or whatever the flow has."""
        held = self.held.pop(contact, None)
        if held is None:
            return
        again = f"c-{secrets.token_hex(8)}"
        held.running.known["contact"] = again
        self.note(Entered(again, agi.headers.get("channel", ""), agi.headers.get("uniqueid", "")))
        await agi.set_variable("GUICHET_CONTACT", again)
        asks = await self.runner.take(held.running, Done("next"))
        await self._talk(agi, held.running, again, told=False).go(asks)

    def _talk(self, agi: Agi, running: Running, contact: str, *, told: bool) -> Conversation:
        keys = self.keys[agi.headers.get("uniqueid", "")]
        return Conversation(self, agi, keys, running, contact, told=told)

    async def left(self, contact: str, talked: bool) -> None:
        """The citizen hung up in the line or, having `talked`, with the agent."""
        held = self.held.pop(contact, None)
        if held is not None:
            if talked:
                await self.runner.take(held.running, Done("next"))
            await self.runner.take(held.running, Left())


# What a gateway is given to build it with: its note, its receipts, its menu and its count.
Flows = Callable[
    [
        Callable[["Noted"], None],
        Callable[[str], str],
        Callable[["Agi"], Awaitable[None]],
        Callable[[str], None],
    ],
    FlowCalls,
]
