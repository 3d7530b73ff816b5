"""A flow's questions on one call: say, listen, and give back what was keyed as the interpreter's input.

One `Read` says a whole question and takes its keys, so no key is lost between two sentences, and the first
one cuts everything short. It must never keep what was keyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ivr_flows.phone_words import keys_said
from ivr_flows.session import Answered, Ask, Choose, Collect, End, Input, Perform, Say, Silent

if TYPE_CHECKING:
    from router.phone.agi import Agi
    from router.phone.flow_sound import Mouth

ARGUMENTS_MAX = 1500  # bytes of file names in one command: Asterisk reads 2,048 of a line
VARIABLE = "GUICHET_KEYED"
MORE_S = (
    120.0  # on top of a question's own silence, before the dialplan takes a call from a flow that is dead
)
ON = "A"  # the key that Guichet sends when an agent is free


class Freed(Exception):
    """An agent is free for the citizen, who is to wait no longer."""


class Talk:
    """`listen` performs what a step asks of the citizen."""

    def __init__(self, agi: Agi, mouth: Mouth, *, in_line: bool = False) -> None:
        """`in_line`: the caller has a place, and an agent may be free for them at any moment."""
        self._agi, self._mouth, self._in_line = agi, mouth, in_line

    async def listen(self, asks: Sequence[Ask]) -> Input | None:
        """Say what there is to say; the answer to the question, or None if nothing is asked of the citizen.

        Raises HungUp; in the line Freed too.
        """
        says = [ask for ask in asks if isinstance(ask, Say)]
        last = asks[-1] if asks else None
        match last:
            case Choose():
                files = await self._mouth.files([*says, *keys_said(last)])
                await self._time(last.silence_s)
                keyed = await self._read(files, 1, last.silence_s)
                return Answered(keyed) if keyed else Silent()
            case Collect():
                files = await self._mouth.files([*says, *_ending(last, says)])
                await self._time(last.silence_s)
                keyed = await self._read(files, last.most, last.silence_s)
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

    async def _read(self, files: list[str], most: int, silence_s: float) -> str:
        groups = packed(files) or [[]]
        for number, some in enumerate(groups, 1):
            wait_s = silence_s if number == len(groups) else 0.01
            arguments = f"{VARIABLE},{'&'.join(some)},{most},e,1,{wait_s:g}"
            await self._agi.execute("Read", arguments, within_s=MORE_S + most * silence_s)
            keyed = await self._agi.get_variable(VARIABLE) or ""
            if ON in keyed and self._in_line:
                raise Freed
            if keyed:
                return keyed
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
