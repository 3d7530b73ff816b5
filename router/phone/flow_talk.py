"""A flow's questions on one call: say, listen, and give back what was keyed as the interpreter's input.

One `Read` says a whole question and takes its keys; the first one cuts everything short. A key that was
pressed after the last answer, before the question was put, answers it: it is not even said then. It must
never keep what was keyed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ivr_flows.phone_words import keys_said
from ivr_flows.session import Answered, Ask, Choose, Collect, End, Input, Perform, Say, Silent
from router.phone.flow_keys import ON

if TYPE_CHECKING:
    from router.phone.agi import Agi
    from router.phone.flow_keys import Keys
    from router.phone.flow_sound import Mouth

ARGUMENTS_MAX = 1500  # bytes of file names in one command: Asterisk reads 2,048 of a line
VARIABLE = "GUICHET_KEYED"
MORE_S = (
    120.0  # on top of a question's own silence, before the dialplan takes a call from a flow that is dead
)


class Freed(Exception):
    """An agent is free for the citizen, who is to wait no longer."""


class Talk:
    """`listen` performs what a step asks of the citizen."""

    def __init__(self, agi: Agi, mouth: Mouth, keys: Keys, *, in_line: bool = False) -> None:
        """`in_line`: the caller has a place, and an agent may be free for them at any moment."""
        self._agi, self._mouth, self._keys, self._in_line = agi, mouth, keys, in_line
        self._last: Choose | Collect | None = None  # the question that was answered by keys

    async def listen(self, asks: Sequence[Ask]) -> Input | None:
        """Say what there is to say; the answer to the question, or None if nothing is asked of the citizen.

        Raises HungUp; in the line Freed too.
        """
        says = [ask for ask in asks if isinstance(ask, Say)]
        last = asks[-1] if asks else None
        match last:
            case Choose() | Collect():
                if last.attempt > 1 and self._last is not None:
                    self._keys.pressed.clear()  # it was wrong: what came after it was meant for elsewhere
                keyed = await self._answer(last, says)
                self._last = last if keyed else None
                return Answered(keyed) if keyed else Silent()
            case End() | None:
                await self.say(says)
                return None
            case Perform() | Say():
                return None
        return None

    async def say(self, says: Sequence[Say]) -> None:
        """To the end: nothing is asked that a key could answer."""
        files = await self._mouth.files(says)
        if files:
            await self._time(0)
        for some in packed(files):
            await self._agi.execute("Playback", "&".join(some), within_s=MORE_S)

    async def _answer(self, ask: Choose | Collect, says: Sequence[Say]) -> str:
        """What was keyed; "" after silence."""
        keys, most = self._keys, 1 if isinstance(ask, Choose) else ask.most
        if isinstance(ask, Choose) and ask.binds:
            keys.drop_twice()
        if isinstance(self._last, Collect):
            keys.drop_hash()
        ahead = keys.take(most) if keys.complete(most) else ""
        if ahead:
            return ahead
        begun = keys.take(most)
        more = keys_said(ask) if isinstance(ask, Choose) else _ending(ask, says)
        files = [] if begun else await self._mouth.files([*says, *more])
        await self._time(ask.silence_s)
        return begun + await self._read(files, most - len(begun), ask.silence_s)

    async def _read(self, files: list[str], most: int, silence_s: float) -> str:
        keys = self._keys
        groups = packed(files) or [[]]
        for number, some in enumerate(groups, 1):
            wait_s = silence_s if number == len(groups) else 0.01
            arguments = f"{VARIABLE},{'&'.join(some)},{most},e,1,{wait_s:g}"
            keys.begin()
            try:
                await self._agi.execute("Read", arguments, within_s=MORE_S + most * silence_s)
            finally:
                keys.over()
            keyed = await self._agi.get_variable(VARIABLE) or ""
            if self._in_line and (ON in keyed or keys.freed):
                raise Freed
            if keyed:
                now = time.monotonic()
                keys.heard(keyed, now)
                keys.answered = now
                return keyed
            if number < len(groups) and keys.pressed:
                return keys.take(most)
        return ""

    async def _time(self, silence_s: float) -> None:
        await self._agi.set_variable("TIMEOUT(absolute)", str(round(silence_s + MORE_S)))


def _ending(collect: Collect, says: Sequence[Say]) -> list[Say]:
    """How to end what may be shorter."""
    if collect.least >= collect.most or not says:
        return []
    return [Say("house.hash", says[-1].language)]


def packed(files: Sequence[str]) -> list[list[str]]:
    """In groups that fit into one command."""
    groups: list[list[str]] = []
    room = 0
    for file in files:
        if len(file) + 1 > room:
            groups.append([])
            room = ARGUMENTS_MAX
        groups[-1].append(file)
        room -= len(file) + 1
    return groups
