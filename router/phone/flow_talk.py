"""A flow's questions on one call: say, listen, and give back what was keyed as the interpreter's input.

One `Read` says a whole question and takes its keys; the first one cuts everything short. A key that was
pressed after the last answer, before the question was put, answers it: it is not even said then. It must
never keep what was keyed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ivr_flows.phone_words import keys_said
from ivr_flows.session import Answered, Ask, Choose, Collect, End, Input, Perform, Say, Silent
from router.phone.flow_keys import END, HASH, ON

if TYPE_CHECKING:
    from router.phone.agi import Agi
    from router.phone.flow_keys import Keys
    from router.phone.flow_sound import Mouth

ARGUMENTS_MAX = 1500  # bytes of file names in one command: Asterisk reads 2,048 of a line
VARIABLE = "GUICHET_ANSWER"  # by this name AMI tells of the questions (ami.py, manager.conf)
MORE_S = 120.0  # on top of a question's silence, at least, before the dialplan takes a call from a dead flow
TOLD_S = 0.5  # Asterisk tells of a key within milliseconds, on a loaded machine later
BETWEEN_S = 0.01  # of silence, between two parts of what is said
READS_MAX = 8  # of one question: more than a few are nobody's keys

Said = tuple[list[str], "asyncio.Task[list[str]] | None"]  # what can be said now, and what is being made


class Freed(Exception):
    """An agent is free for the citizen, who is to wait no longer."""


class Talk:
    """`listen` performs what a step asks of the citizen."""

    def __init__(self, agi: Agi, mouth: Mouth, keys: Keys, *, in_line: bool = False) -> None:
        """`in_line`: the caller has a place, and an agent may be free for them at any moment."""
        self._agi, self._mouth, self._keys, self._in_line = agi, mouth, keys, in_line
        self._last: Choose | Collect | None = None  # the question that was answered by keys
        self.until = 0.0  # the dialplan waits for this conversation

    async def listen(self, asks: Sequence[Ask]) -> Input | None:
        """Say what there is to say; the answer to the question, or None if nothing is asked of the citizen.

        Raises HungUp; in the line Freed too.
        """
        says = [ask for ask in asks if isinstance(ask, Say)]
        last = asks[-1] if asks else None
        match last:
            case Choose() | Collect():
                if last.attempt > 1 and self._last is not None:
                    self._keys.forget()
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
        ready, rest = self._mouth.start(says)
        if ready or rest is not None:
            await self._time(0)
        await self._play(ready)
        if rest is not None:
            await self._play(await rest)

    async def _play(self, files: Sequence[str]) -> None:
        for some in packed(files):
            await self._agi.execute("Playback", "&".join(some), within_s=MORE_S)

    async def _answer(self, ask: Choose | Collect, says: Sequence[Say]) -> str:
        """What was keyed; "" after silence."""
        keys, most = self._keys, 1 if isinstance(ask, Choose) else ask.most
        if isinstance(ask, Choose) and ask.binds:
            keys.drop_twice()
        if isinstance(self._last, Collect):
            keys.drop_hash()
        said: Said = ([], None)
        if not keys.complete(most):
            if not keys.early:
                said = await self._said(ask, says)
            await self._time(ask.silence_s)
        for _ in range(READS_MAX):
            if self._in_line and keys.freed:
                raise Freed
            if keys.complete(most):
                break
            keyed = await self._read(([], None) if keys.early else said, most, ask.silence_s)
            if not keys.begun:  # an Asterisk that tells nothing of questions
                return keyed
            if not keyed:
                break
        return keys.take(most)

    async def _said(self, ask: Choose | Collect, says: Sequence[Say]) -> Said:
        if isinstance(ask, Choose):
            return self._mouth.start([*says, *keys_said(ask)])
        # In one piece: where it is said in two, a number would have to be keyed without a pause.
        return await self._mouth.files([*says, *_ending(ask, says)]), None

    async def _read(self, said: Said, most: int, silence_s: float) -> str:
        """One question; what was keyed is among what was pressed then."""
        ready, rest = said
        if rest is None:
            return await self._parts(packed(ready) or [[]], most, silence_s)
        keyed = await self._parts(packed(ready), most, BETWEEN_S)
        return keyed or await self._parts(packed(await rest) or [[]], most, silence_s)

    async def _parts(self, groups: Sequence[list[str]], most: int, silence_s: float) -> str:
        """In as many commands as it takes; it is silent after the last."""
        keys = self._keys
        for number, some in enumerate(groups, 1):
            wait_s = silence_s if number == len(groups) else BETWEEN_S
            left = max(1, most - keys.early)
            keys.ask(most)
            keyed = await self._agi.read(some, left, wait_s, MORE_S, VARIABLE)
            if self._in_line and (ON in keyed or keys.freed):
                raise Freed
            if keys.unsure(keyed):
                await self._told()
            goes_on = number < len(groups) and HASH not in keys.during
            keys.heard(keyed, time.monotonic(), full=goes_on or len(keyed) >= left)
            if keyed or keys.complete(most):
                return keyed or END
        return ""

    async def _told(self) -> None:
        """Until Asterisk has told what the question heard."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TOLD_S):
                while self._keys.ended < self._keys.asked:
                    self._keys.news.clear()
                    await self._keys.news.wait()

    async def _time(self, silence_s: float) -> None:
        """Renew how long the dialplan waits, where it would be too short: not for every question."""
        now, needed = time.monotonic(), silence_s + MORE_S
        if self.until < now + needed:
            self.until = now + needed + MORE_S
            await self._agi.set_variable("TIMEOUT(absolute)", str(round(needed + MORE_S)))


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
