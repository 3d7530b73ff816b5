"""How long a caller who pressed a key waits for the next prompt, by Asterisk's own stamps of both.

A manager of its own hears keys and the commands that flows give (AGI `EXEC Read` and `Playback`: the prompt
begins then). It must never read a line of Guichet's.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from pathlib import Path

ASKS = 'EXEC "Read"'
SPEAKS = (ASKS, 'EXEC "Playback"')
LEAVES = ('EXEC "Dial"', 'SET VARIABLE "GUICHET_ROUTED"')


def judge(etc: Path) -> str:
    """Adds the manager to these settings; its secret."""
    secret = secrets.token_hex(12)
    manager = etc / "manager.conf"
    manager.write_text(f"{manager.read_text()}\n[judge]\nsecret = {secret}\nread = dtmf,agi\n")
    return secret


@asynccontextmanager
async def gaps(lab, secret: str):
    """A list that fills with seconds from key to prompt while the block runs."""
    reader, writer = await asyncio.open_connection(lab.host, lab.ami_port)
    writer.write(f"Action: Login\r\nUsername: judge\r\nSecret: {secret}\r\n\r\n".encode())
    found: list[float] = []
    listening = asyncio.create_task(_listen(reader, found))
    try:
        yield found
    finally:
        listening.cancel()
        writer.close()


async def _listen(reader: asyncio.StreamReader, found: list[float]) -> None:
    said: dict[str, str] = {}
    heard = Heard(found)
    while line := (await reader.readline()).decode("utf-8", "replace"):
        if line.strip():
            name, _, value = line.partition(": ")
            said[name] = value.strip()
            continue
        event, said = said, {}
        heard.event(event, float(event.get("Timestamp", 0)))


class Heard:
    """A pair is the key that ended a question and the next that is said in the same conversation.

    A caller who goes to the line, to an agent or outside by that key is not kept waiting for a prompt.
    """

    def __init__(self, found: list[float]) -> None:
        self._found = found
        self._pressed: dict[str, float] = {}  # while a question listens
        self._answered: dict[str, float] = {}  # by that key

    def event(self, event: dict[str, str], at: float) -> None:
        """In the order that Asterisk tells."""
        caller, command = event.get("Uniqueid", ""), event.get("Command", "")
        match event.get("Event"):
            case "DTMFEnd" if event.get("Direction") == "Received":
                self._pressed[caller] = at
            case "AGIExecStart" if command.startswith(SPEAKS):
                if caller in self._answered:
                    self._found.append(at - self._answered.pop(caller))
                self._pressed.pop(caller, None)  # what came before it ends no question
            case "AGIExecStart" if command.startswith(LEAVES):
                self._answered.pop(caller, None)
            case "AGIExecEnd" if command.startswith(ASKS) and caller in self._pressed:
                self._answered[caller] = self._pressed.pop(caller)
