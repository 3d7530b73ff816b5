"""One caller's conversation with a flow, until they wait in line or it is over: its last word is the receipt.

It must never let a caller into the line of whom the log knows nothing, nor leave a session that has ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ivr_flows.session import Ask, Done, Input, Left, Perform, Say
from router.phone.agi import HungUp
from router.phone.flow_sound import say_of
from router.phone.flow_talk import Talk
from router.phone.said import Accepted, Turned

if TYPE_CHECKING:
    from router.flows.runner import Running
    from router.phone.agi import Agi
    from router.phone.flow_calls import FlowCalls
    from router.phone.flow_keys import Keys

RECEIPT = "GUICHET_ROUTED"
MUSIC = re.compile(r"[a-z0-9_-]{1,40}\Z")


class Conversation:
    """`told`: the log holds the contact already, the caller has a place in the line."""

    def __init__(
        self, calls: FlowCalls, agi: Agi, keys: Keys, running: Running, contact: str, *, told: bool
    ) -> None:
        self._calls, self._agi, self._running, self._contact = calls, agi, running, contact
        self._talk, self._told = Talk(agi, calls.mouth, keys, in_line=told), told

    async def go(self, asks: tuple[Ask, ...]) -> None:
        """Until the caller waits in line, or it is over. Raises HungUp, and Freed in the line."""
        calls, running, contact = self._calls, self._running, self._contact
        waits = False
        try:
            while True:
                if not self._told and running.session.contact == contact:
                    self._told = True
                    calls.note(Accepted(contact))
                place = waiting(running)
                if place is not None and not self._told:  # no place was ever asked for: nobody would come
                    asks = await calls.runner.take(running, Done("unavailable"))
                    continue
                if place is not None:
                    await self._wait(place, asks)
                    waits = True
                    return
                happened = await self._asked(asks)
                if happened is None:
                    return
                asks = await calls.runner.take(running, happened)
        except HungUp:
            await calls.runner.take(running, Left())
            raise
        finally:
            if not waits:
                calls.held.pop(contact, None)
                if not self._told:
                    calls.note(Turned(contact))
            calls.mouth.sweep()

    async def _asked(self, asks: tuple[Ask, ...]) -> Input | None:
        """The citizen's next answer; None when it is over, and the receipt says so."""
        last = asks[-1] if asks else None
        if isinstance(last, Perform) and last.service == "transfer":
            await self._talk.say([ask for ask in asks if isinstance(ask, Say)])
            self._talk.until = 0.0  # outside, nothing ends the call
            return Done("next" if await outside(self._agi, last.name) else "unavailable")
        happened = await self._talk.listen(asks)
        if happened is None:
            await self._agi.set_variable(RECEIPT, "ended")
        return happened

    async def _wait(self, place: Perform, asks: tuple[Ask, ...]) -> None:
        """Into the line; the receipt is the last word. What is said there ends when an agent is free."""
        agi, calls, contact = self._agi, self._calls, self._contact
        key, music = str(place.arguments.get("callback_key") or ""), str(place.arguments.get("music") or "")
        calls.held.hold(contact, self._running, key)
        receipt = calls.receipt(contact)
        if receipt == "wait":
            said = say_of(await calls.mouth.files([ask for ask in asks if isinstance(ask, Say)]))
            if said:
                await agi.set_variable("GUICHET_SAY", said)
            if MUSIC.match(music) and music != "default":
                await agi.set_variable("GUICHET_MUSIC", music)
            await agi.set_variable("GUICHET_TELL", str(round(float(place.arguments.get("announce_s") or 0))))
            receipt = calls.receipt(contact)
        waits = receipt == "wait"
        calls.count("accepted" if waits else "at_once")
        await agi.set_variable("GUICHET_AFTER", "1")
        await agi.set_variable(RECEIPT, receipt)


def waiting(running: Running) -> Perform | None:
    """What the flow says of the line, if it has come there."""
    waited = running.session.waits_for
    return waited if isinstance(waited, Perform) and waited.service == "wait" else None


async def outside(agi: Agi, number: str) -> bool:
    """Ring a number outside; whether somebody answered. It is digits alone: the language sees to that."""
    trunk = await agi.get_variable("GLOBAL(GUICHET_TRUNK)")
    if not trunk or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", trunk):
        return False
    await agi.set_variable("TIMEOUT(absolute)", "0")
    await agi.execute("Dial", f"PJSIP/{number}@{trunk},45,g", within_s=4 * 3600)
    return await agi.get_variable("DIALSTATUS") == "ANSWER"
