"""How long a caller who pressed a key waits for the next prompt, by Asterisk's own stamps of both.

A manager of its own hears keys and the commands that flows give (AGI `EXEC Read` and `Playback`: the prompt
begins then). It must never read a line of Guichet's.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from pathlib import Path

SPEAKS = ('EXEC "Read"', 'EXEC "Playback"')


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
    """Only what ended a question counts: the key after which Asterisk said that `Read` was over."""
    pressed: dict[str, float] = {}
    read: dict[str, float] = {}  # the press that ended the last question
    said: dict[str, str] = {}
    while line := (await reader.readline()).decode("utf-8", "replace"):
        if line.strip():
            name, _, value = line.partition(": ")
            said[name] = value.strip()
            continue
        event, said = said, {}
        caller, at = event.get("Uniqueid", ""), float(event.get("Timestamp", 0))
        speaks = event.get("Command", "").startswith(SPEAKS)
        match event.get("Event"):
            case "DTMFEnd" if event.get("Direction") == "Received":
                pressed[caller] = at
            case "AGIExecEnd" if speaks and caller in pressed:
                read[caller] = pressed.pop(caller)
            case "AGIExecStart" if speaks and caller in read:
                found.append(at - read.pop(caller))
