"""The real `guichet serve` as a process that tests start, kill and start again on the same folder."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

DEMO = Path(__file__).parents[2] / "config" / "examples" / "demo"
PROGRAM = (sys.executable, "-m", "router.cli", "serve")


@asynccontextmanager
async def serving(folder: Path, *more: str) -> AsyncIterator[Process]:
    """Started; stopped whatever happens."""
    process = Process(folder, *more)
    try:
        await process.start()
        yield process
    finally:
        await process.stop()


class Process:
    """`start`, `kill` or `stop`, `start` again. Everything it keeps is below `folder`."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self.config = folder / "config"
        if not self.config.exists():
            shutil.copytree(DEMO, self.config)
        for number, text in enumerate(more):
            (self.config / f"more-{number}.yaml").write_text(text)
        self.url = ""
        self.agi = 0  # the port that Asterisk would call
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The parent; its child serves."""
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Returns once it owns the pool. The log of the process is appended to `serve.log`."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *PROGRAM, "--config", str(self.config), "--port", "0",
                cwd=self.folder, stdout=asyncio.subprocess.PIPE, stderr=log,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            )  # fmt: skip
        await self.serves_again()

    async def serves_again(self) -> None:
        """Returns once whoever serves now owns the pool."""
        assert self._process is not None
        assert self._process.stdout is not None
        if self._session is not None:
            await self._session.close()
        async with asyncio.timeout(30):
            line = (await self._process.stdout.readline()).decode()
        found = re.match(r"guichet serves (http://\S+/) agi (\d+)", line)
        assert found, f"{line!r}\n{(self.folder / 'serve.log').read_text()}"
        self.url, self.agi = found[1], int(found[2])
        self._session = aiohttp.ClientSession(f"{self.url}api/v1/")
        async with asyncio.timeout(30):
            while (await self.get("/readyz"))[0] != 200:  # noqa: ASYNC110 - another process: only polling tells
                await asyncio.sleep(0.02)

    async def ask(self, method: str, path: str, token: str, body: object = None) -> tuple[int, dict]:
        """Status and JSON. Raises aiohttp's errors when the process is gone."""
        assert self._session is not None
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.request(method, path, json=body, headers=headers) as reply:
            return reply.status, await reply.json()

    async def get(self, path: str) -> tuple[int, bytes]:
        """Of the root, without a token."""
        assert self._session is not None
        async with self._session.get(f"{self.url}{path.lstrip('/')}") as reply:
            return reply.status, await reply.read()

    async def state(self) -> dict:
        """Counts, last entry and digest."""
        return (await self.ask("GET", "state", "demo-supervisor"))[1]

    async def kill(self) -> None:
        """SIGKILL: it has no last words. Its Redis lives on and is adopted."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM: what was taken is made durable. Returns the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._session is not None:
            await self._session.close()
        if self._process.returncode is None:
            self._process.send_signal(number)
        async with asyncio.timeout(20):
            return await self._process.wait()
