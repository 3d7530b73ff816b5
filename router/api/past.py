"""What an archive tells of a contact, asked of `guichet why` in a process of its own, one at a time.

The archive is stepped again from its last state before, which may take seconds: never in the process that
answers callers. Only what the reader may see comes back (`router.tell.sight`).
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING

import msgspec

from router.api.problems import Problem
from router.tell.decision import Told

if TYPE_CHECKING:
    from router.tell.sight import Reader
    from router.tell.speech import Language

WITHIN_S = 30.0  # for a segment of the archive to be stepped and the changes to be tried
LONGEST = 8 * 1024 * 1024  # bytes of answer


class Past:
    """Asks the archive."""

    def __init__(self, archive: str, pool: str) -> None:
        self._archive, self._pool = archive, pool
        self._turn = asyncio.Semaphore(1)

    async def decisions(
        self, contact: str, reader: Reader, language: Language, at: int, since: int | None
    ) -> tuple[Told, ...]:
        """Every decision about the contact up to `at`; empty if the archive knows none. Or a Problem."""
        command = [sys.executable, "-m", "router.cli", "why", contact, "--json"]
        command += ["--archive", self._archive, "--pool", self._pool, "--at", seconds(at)]
        command += ["--for", reader, "--lang", language]
        if since is not None:
            command += ["--since", seconds(since)]
        try:
            async with asyncio.timeout(WITHIN_S), self._turn:
                return await _run(command)
        except TimeoutError:
            raise Problem(
                "overloaded", f"the archive did not tell within {WITHIN_S:g} s: use guichet why on the server"
            ) from None


def seconds(at: int) -> str:
    """Microseconds as the command takes them, without losing any."""
    return f"{at // 1_000_000}.{at % 1_000_000:06}"


async def _run(command: list[str]) -> tuple[Told, ...]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, limit=LONGEST)
    try:
        out, said = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 1 and b"does not know" in said:
        return ()
    if process.returncode:
        raise Problem("archive_unreadable", said.decode(errors="replace").strip()[:500])
    decode = msgspec.json.Decoder(Told).decode
    return tuple(decode(line) for line in out.splitlines())
