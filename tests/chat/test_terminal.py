"""The demonstration's chat in a terminal: somebody types, chooses by number, and leaves."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.serve.process import Process

pytestmark = [pytest.mark.server, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]


async def test_somebody_chooses_by_number_waits_and_leaves(site: Process):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "router.demo.chat", site.url, "--language", "en",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            await _shown(process.stdout, "   1  housing")
            process.stdin.write(b"1\n")
            await _shown(process.stdout, "Your request is recorded")
            process.stdin.write(b"Hello?\n")
            await _shown(process.stdout, "you: Hello?")
            process.stdin.write(b"\n")
            await _shown(process.stdout, "The conversation is over")
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _shown(out: asyncio.StreamReader, wanted: str) -> None:
    """A line that holds this; those before it are passed over."""
    while line := (await out.readline()).decode():
        if wanted in line:
            return
    raise AssertionError(f"it ended without {wanted!r}")
