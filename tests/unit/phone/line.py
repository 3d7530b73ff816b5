"""The far end of an AGI conversation: says what Asterisk would or should not, notes what it was asked."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress

from router.phone.agi import Agi


class Line:
    """`reply` gives the bytes that answer a command; None closes the connection."""

    def __init__(self, reply: Callable[[str], bytes | None]) -> None:
        self.reply = reply
        self.asked: list[str] = []
        self.over = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while line := (await reader.readline()).decode().rstrip("\n"):
                self.asked.append(line)
                said = self.reply(line)
                if said is None:
                    break
                writer.write(said)
                if not said.endswith(b"\n"):
                    break
        writer.close()
        self.over.set()


@asynccontextmanager
async def on(line: Line, **headers: str):
    """Our side of the conversation."""
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield Agi(headers, reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        await line.over.wait()
        server.close()


class Phone(Line):
    """A phone on which these keys are pressed, one for each question; `cut_short`: during its first sound."""

    def __init__(self, *keys: str, cut_short: bool = False) -> None:
        super().__init__(self.press)
        self.keys = list(keys)
        self.cut_short = cut_short
        self.keyed = ""
        self.played: list[str] = []
        self.variables: dict[str, str] = {}

    def press(self, line: str) -> bytes:
        match shlex.split(line):
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return b"200 result=1\n"
            case ["EXEC", "Read", arguments]:
                sounds = arguments.split(",")[1].split("&")
                self.keyed = self.keys.pop(0) if self.keys else ""
                self.played += sounds[:1] if self.keyed and self.cut_short else sounds
                return b"200 result=0\n"
            case ["GET", "VARIABLE", "GUICHET_KEYED"]:
                return f"200 result=1 ({self.keyed})\n".encode()
            case _:
                return b"510 Invalid or unknown command\n"
