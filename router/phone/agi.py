"""One call's conversation with Asterisk's `AGI()`: typed commands out, replies in.

panoramisk's FastAGI freezes the whole process when a peer connects and closes, so this one is our own.
It must never let a value end a command, never take a `HANGUP` line or a usage text for a reply, and never
wait without a deadline.
"""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

REPLY_S = 5.0  # a command that plays or waits gets its own time on top
REPLY_MAX = 64  # lines of one reply: a usage text has some twenty
KEYED = "GUICHET_KEYED"  # the channel's variable in which `Read` leaves the keys
FORBIDDEN = frozenset("\r\n\0")

_REPLY = re.compile(r"200 result=(?P<result>[^ (]*)(?: ?\((?P<data>.*)\))?", re.DOTALL)


class AgiFault(Exception):
    """The call's conversation cannot go on: refused, out of step, or out of time."""


class HungUp(AgiFault):
    """The caller is gone, or the connection is."""


class Reply(NamedTuple):
    """`200 result=RESULT (DATA)`."""

    result: str
    data: str


class Agi:
    """Commands on one channel, one after the other. `headers` are Asterisk's, without `agi_`."""

    def __init__(
        self, headers: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.headers = headers
        self._reader = reader
        self._writer = writer
        self._owed = ""  # the command whose reply was not read yet
        self.hung_up = False

    async def set_variable(self, name: str, value: str) -> None:
        await self._ask("SET VARIABLE", name, value)

    async def put_variable(self, name: str, value: str) -> None:
        """Set it without waiting for the reply, which is read before the next command is sent.

        Never two at once: Asterisk waits on its socket, but reads through a buffer: the second lies unseen.
        """
        await self._send("SET VARIABLE", name, value)
        self._owed = "SET VARIABLE"

    async def last_variable(self, name: str, value: str) -> None:
        """Set it as the last thing here: Asterisk goes on with the call without waiting for our goodbye."""
        await self._ask("SET VARIABLE", name, value, last=True)

    async def get_variable(self, name: str) -> str | None:
        """The value, or None if it is not set."""
        reply = await self._ask("GET VARIABLE", name)
        await self._in_step()
        return reply.data if reply.result == "1" else None

    async def read(
        self, sounds: Sequence[str], most: int, silence_s: float, sounds_s: float, into: str = KEYED
    ) -> str:
        """Play the sounds and take up to `most` keys, the first of which cuts them short; "" after silence.

        `sounds_s`: as long as the sounds may take; the silence comes on top. One `Read` for all: between two
        commands Asterisk drops what is pressed. `#` ends what is longer than one key and is kept where it
        stands alone.
        """
        arguments = f"{into},{'&'.join(sounds)},{most},e,1,{silence_s:g}"
        await self.execute("Read", arguments, sounds_s + silence_s * most)
        return await self.get_variable(into) or ""

    async def execute(self, application: str, arguments: str, within_s: float) -> None:
        """Run an application of the dialplan to its end."""
        reply = await self._ask("EXEC", application, arguments, extra_s=within_s)
        if reply.result == "-1":
            raise HungUp(f"hung up during {application}")
        if reply.result == "-2":
            raise AgiFault(f"Asterisk has no {application}")

    async def hang_up(self) -> None:
        await self._ask("HANGUP")

    async def _ask(self, verb: str, *values: str, extra_s: float = 0.0, last: bool = False) -> Reply:
        await self._send(verb, *values, last=last)
        return await self._hear(verb, extra_s)

    async def _send(self, verb: str, *values: str, last: bool = False) -> None:
        line = " ".join([verb, *(quoted(value) for value in values)])
        owed, self._owed = self._owed, ""
        if owed:
            await self._hear(owed)
        if last:
            self._cork()
        self._writer.write(line.encode() + b"\n")
        if last:
            with suppress(OSError):  # lost: that is heard where the reply should be
                self._writer.write_eof()

    def _cork(self) -> None:
        """The command and the end of all commands in one segment: Asterisk is woken once."""
        with suppress(OSError):
            self._writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)

    async def _hear(self, verb: str, extra_s: float = 0.0) -> Reply:
        try:
            async with asyncio.timeout(REPLY_S + extra_s):
                return await self._reply(verb)
        except TimeoutError:
            raise AgiFault(f"no reply to {verb} in time") from None
        except (OSError, ValueError) as fault:  # ValueError: a line beyond the reader's limit
            raise HungUp(f"connection lost at {verb}") from fault

    async def _reply(self, verb: str) -> Reply:
        usage = False
        text = ""
        for _ in range(REPLY_MAX):
            raw = await self._reader.readline()
            if not raw.endswith(b"\n"):
                raise HungUp(f"connection closed at {verb}")
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if usage:
                if line.startswith("520 "):
                    raise AgiFault(f"{verb} was misused")
            elif text or line.startswith("200 result=1 ("):  # a value may hold line breaks: read to its end
                text = f"{text}\n{line}" if text else line
                if text.endswith(")"):
                    return _parsed(text)
            elif line == "HANGUP":  # said in between, at any time; it answers nothing
                self.hung_up = True
            elif line.startswith("520-"):
                usage = True
            elif line.startswith("200 "):
                return _parsed(line)
            elif line.startswith("511 "):
                raise HungUp(f"{verb} came after the hang-up")
            elif not line.startswith("100 "):
                raise AgiFault(f"{verb} was refused: {line[:3]}")
        raise AgiFault(f"the reply to {verb} never ended")

    async def _in_step(self) -> None:
        """A value with `)` at the end of a line ends its reply too soon: the rest would answer the next."""
        with suppress(TimeoutError, OSError, ValueError):
            async with asyncio.timeout(0):  # only what is here already
                while line := await self._reader.readline():
                    if line.rstrip() != b"HANGUP":
                        raise AgiFault("a value ended its own reply")
                    self.hung_up = True


def quoted(value: str) -> str:
    """The value as one word of a command. Raises AgiFault for what could end the line."""
    if not FORBIDDEN.isdisjoint(value):
        raise AgiFault("a value holds a line break or a NUL")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _parsed(text: str) -> Reply:
    match = _REPLY.match(text)
    if match is None:
        raise AgiFault("a reply without a result")
    return Reply(match["result"], match["data"] or "")
