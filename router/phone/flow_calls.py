"""Calls that a flow answers: at the door, when a key takes the citizen out of the line, and after the agent.

The flow decides where the call goes; here that becomes the receipts the dialplan knows. Whatever fails before
a contact is durable leaves the receipt out, and Asterisk's own queue takes the call. Sessions are kept while
their call lasts, in this process alone: after a restart the call goes on without its flow.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from config.fault import Faults
from ivr_flows.session import Ask, Done, Input, Left, Perform, Say
from router.flows.published import Unpublished
from router.log.errors import LogError
from router.phone.agi import HungUp
from router.phone.flow_keys import Keys
from router.phone.flow_talk import Freed, Talk
from router.phone.said import Accepted, Entered, Turned

if TYPE_CHECKING:
    from router.flows.runner import Runner, Running
    from router.phone.agi import Agi
    from router.phone.flow_sound import Mouth
    from router.phone.said import Input as Noted

log = logging.getLogger(__name__)

RECEIPT = "GUICHET_ROUTED"
FIELD_MAX = 200
SESSIONS_MAX = 5_000
DEAF_S = 0.5  # into the line: the key that answered the last question is told by AMI as well, perhaps later
MUSIC = re.compile(r"[a-z0-9_-]{1,40}\Z")
CONTACT = re.compile(r"c-[0-9a-f]{16}\Z")
SAY_MAX = 900  # bytes of a variable that Asterisk takes whole


class Door(Struct, frozen=True):
    """One way in: the number dialled ("": any), and the flow that answers."""

    name: str
    flow: str
    number: str = ""
    draft: bool = False


class Held(Struct):
    """A session whose call is in the line or with an agent."""

    running: Running
    key: str = ""  # leaves for a call-back; none while the flow asks something of its own
    since: float = 0.0


class FlowCalls(Struct, frozen=True):
    """`receive` is a FastAGI handler. `note` tells the reducer, `receipt` where a durable contact goes."""

    doors: Sequence[Door]
    runner: Runner
    mouth: Mouth
    via: str
    note: Callable[[Noted], None]
    count: Callable[[str], None]
    receipt: Callable[[str], str]
    menu: Callable[[Agi], Awaitable[None]]  # the built-in one, where no flow is published
    held: dict[str, Held] = field(default_factory=dict)
    keys: dict[str, Keys] = field(default_factory=dict)  # by the caller's unique id, while a flow talks

    def door(self, called: str) -> Door | None:
        """Who answers this number: the entry that names it, else one that names none."""
        named = [door for door in self.doors if door.number and called == door.number]
        return next(iter([*named, *(door for door in self.doors if not door.number)]), None)

    def key(self, contact: str) -> str:
        """The key that takes this waiting caller out of the line."""
        held = self.held.get(contact)
        late = held is not None and time.monotonic() - held.since < DEAF_S
        return held.key if held is not None and not late else ""

    def language(self, contact: str) -> str:
        """In which the caller is told their place; "": by Asterisk's own words."""
        held = self.held.get(contact)
        return held.running.session.language if held is not None else ""

    async def start(
        self, agi: Agi, contact: str, known: Mapping[str, str]
    ) -> tuple[Running, tuple[Ask, ...]]:
        """Raises Unpublished, Faults or LogError where no flow can answer."""
        door = self.door(known["called"])
        if door is None:
            raise Unpublished("")
        session = f"s-{secrets.token_hex(8)}"
        return await self.runner.start(
            session, door.flow, "phone", dict(known), alias=door.name, draft=door.draft
        )

    async def receive(self, agi: Agi) -> None:
        """By the script that the dialplan names: a new call, a key in the line, the end of a conversation."""
        script = agi.headers.get("network_script", "")
        contact = agi.headers.get("arg_2", "")
        caller = agi.headers.get("uniqueid", "")
        self.keys[caller] = Keys(time.monotonic())
        try:
            if script == "key":
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
            running, asks = await self.start(agi, contact, known(agi, contact))
        except (Unpublished, Faults, LogError, OSError) as fault:
            if self.doors:
                log.info("no flow answers: %s", type(fault).__name__)
            await self.menu(agi)
            return
        self.note(Entered(contact, agi.headers.get("channel", ""), agi.headers.get("uniqueid", "")))
        if contact != named:
            await agi.set_variable("GUICHET_CONTACT", contact)
        self.count("flow")
        await self._walk(agi, running, asks, contact, told=False)

    async def _key(self, agi: Agi, contact: str) -> None:
        """A waiting caller pressed the key: what the flow has for that; back to the line unless it ends."""
        held = self.held.get(contact)
        if held is None:
            return
        key, held.key = held.key, ""
        running, in_line = held.running, held.running.session
        asks = await self.runner.take(running, Done("callback"))
        try:
            await self._walk(agi, running, asks, contact, told=True)
        except Freed:  # an agent, while the flow was asking: as if the key had not been pressed
            running.session = in_line
            self.held[contact] = Held(running, key, time.monotonic())

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
        await self._walk(agi, held.running, asks, again, told=False)

    # ---- the walk

    async def _walk(
        self, agi: Agi, running: Running, asks: tuple[Ask, ...], contact: str, *, told: bool
    ) -> None:
        """Until the caller waits in line, or it is over. `told`: the log holds the contact already."""
        talk = Talk(agi, self.mouth, self.keys[agi.headers.get("uniqueid", "")], in_line=told)
        waits = False
        try:
            while True:
                if not told and running.session.contact == contact:
                    told = True
                    self.note(Accepted(contact))
                place = waiting(running)
                if place is not None and not told:  # no place was ever asked for: nobody would come
                    asks = await self.runner.take(running, Done("unavailable"))
                    continue
                if place is not None:
                    await self._wait(agi, running, place, asks, contact)
                    waits = True
                    return
                happened = await self._asked(agi, talk, running, asks)
                if happened is None:
                    return
                asks = await self.runner.take(running, happened)
        except HungUp:
            await self.runner.take(running, Left())
            raise
        finally:
            if not waits:
                self.held.pop(contact, None)
                if not told:
                    self.note(Turned(contact))
            self.mouth.sweep()

    async def _asked(self, agi: Agi, talk: Talk, running: Running, asks: tuple[Ask, ...]) -> Input | None:
        """The citizen's next answer; None when it is over, and the receipt says so."""
        last = asks[-1] if asks else None
        if isinstance(last, Perform) and last.service == "transfer":
            await talk.say([ask for ask in asks if isinstance(ask, Say)])
            return Done("next" if await outside(agi, last.name) else "unavailable")
        happened = await talk.listen(asks)
        if happened is None:
            await agi.set_variable(RECEIPT, "ended")
        return happened

    async def _wait(
        self, agi: Agi, running: Running, place: Perform, asks: tuple[Ask, ...], contact: str
    ) -> None:
        """Into the line; the receipt is the last word. What is said there ends when an agent is free."""
        if len(self.held) >= SESSIONS_MAX:
            self.held.pop(next(iter(self.held)))
        key, music = str(place.arguments.get("callback_key") or ""), str(place.arguments.get("music") or "")
        self.held[contact] = Held(running, key, time.monotonic())
        receipt = self.receipt(contact)
        if receipt == "wait":
            said = say_of(await self.mouth.files([ask for ask in asks if isinstance(ask, Say)]))
            if said:
                await agi.set_variable("GUICHET_SAY", said)
            if MUSIC.match(music) and music != "default":
                await agi.set_variable("GUICHET_MUSIC", music)
            await agi.set_variable("GUICHET_TELL", str(round(float(place.arguments.get("announce_s") or 0))))
            receipt = self.receipt(contact)
        waits = receipt == "wait"
        self.count("accepted" if waits else "at_once")
        await agi.set_variable("GUICHET_AFTER", "1")
        await agi.set_variable(RECEIPT, receipt)

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


def waiting(running: Running) -> Perform | None:
    """What the flow says of the line, if it has come there."""
    waited = running.session.waits_for
    return waited if isinstance(waited, Perform) and waited.service == "wait" else None


def say_of(files: Sequence[str]) -> str:
    """For the dialplan's Background, as far as one variable holds."""
    while files and len("&".join(files)) > SAY_MAX:
        files = files[:-1]
    return "&".join(files)


async def outside(agi: Agi, number: str) -> bool:
    """Ring a number outside; whether somebody answered. It is digits alone: the language sees to that."""
    trunk = await agi.get_variable("GLOBAL(GUICHET_TRUNK)")
    if not trunk or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", trunk):
        return False
    await agi.set_variable("TIMEOUT(absolute)", "0")
    await agi.execute("Dial", f"PJSIP/{number}@{trunk},45,g", within_s=4 * 3600)
    return await agi.get_variable("DIALSTATUS") == "ANSWER"


def known(agi: Agi, contact: str) -> dict[str, str]:
    """What the session begins with. `unknown` is Asterisk's word for nothing."""
    given = {
        "contact": contact,
        "caller": agi.headers.get("callerid", ""),
        "name": agi.headers.get("calleridname", ""),
        "called": agi.headers.get("dnid", ""),
        "began": str(time.time_ns() // 1000),
    }
    return {name: "" if value == "unknown" else value[:FIELD_MAX] for name, value in given.items()}
