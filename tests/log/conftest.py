"""A private redis-server on a unix socket that a test may kill, pause and start again on the same directory,
and a proxy before it that loses replies. Real servers only: faults are injected on the wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from router.core.events import Contact, Tick
from router.core.state import State
from router.core.step import step
from router.door import Released, Unavailable
from router.log.connection import connect
from router.log.entry import Entry
from router.log.fold import decode
from router.log.pool_log import PoolLog
from router.owner import Owner


class RedisServer:
    """One redis-server, configured as Guichet wants it."""

    def __init__(self, directory: Path, *settings: str) -> None:
        self.directory = directory
        self.socket = directory / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.settings = settings
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--dir",
            str(self.directory),
        ]
        command += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        command += ["--maxmemory-policy", "noeviction", *self.settings]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if "ready to accept connections at" in line:
                return
        raise AssertionError("redis-server did not start:\n" + "".join(seen))

    def kill(self) -> None:
        """kill -9: nothing is flushed, nobody is told."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None


class LossyProxy:
    """Stands before Redis. `lose_replies` counts commands whose reply vanishes with the connection."""

    def __init__(self, server: RedisServer) -> None:
        self.server = server
        self.socket = server.directory / "proxy.sock"
        self.url = f"unix://{self.socket}"
        self.lose_replies = 0
        self.only_if = b""  # a reply is lost only if what was asked contains this
        self.lost = asyncio.Event()
        self._listening: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._listening = await asyncio.start_unix_server(self._client, str(self.socket))

    async def stop(self) -> None:
        assert self._listening is not None
        self._listening.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        upstream_writer = None
        try:
            upstream, upstream_writer = await asyncio.open_unix_connection(str(self.server.socket))
            while asked := await reader.read(1 << 24):
                upstream_writer.write(asked)
                answered = await upstream.read(1 << 24)
                if self.lose_replies and self.only_if in asked:
                    self.lose_replies -= 1
                    self.lost.set()
                    return
                writer.write(answered)
        except OSError:
            pass
        finally:
            self._busy.discard(task)
            for end in (writer, upstream_writer):
                if end is not None:
                    end.close()
                    with contextlib.suppress(OSError, asyncio.CancelledError):
                        await end.wait_closed()


@pytest.fixture
def redis_directory() -> Iterator[Path]:
    """Short, since the path of a unix socket may not be longer than 107 bytes."""
    directory = Path(tempfile.mkdtemp(prefix="guichet-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def redis_server(redis_directory: Path) -> Iterator[RedisServer]:
    server = RedisServer(redis_directory)
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    client = connect(redis_server.url)
    yield client
    await client.aclose()


@pytest.fixture
async def lossy(redis_server: RedisServer) -> AsyncIterator[LossyProxy]:
    proxy = LossyProxy(redis_server)
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.fixture
async def lossy_redis(lossy: LossyProxy) -> AsyncIterator[Redis]:
    """A client whose replies `lossy` may lose."""
    client = connect(lossy.url)
    yield client
    await client.aclose()


@contextlib.asynccontextmanager
async def _owning(url: str, *, rules: bool = True, **settings: object) -> AsyncIterator[Owner]:
    client = connect(url)
    owner = Owner(PoolLog(client, "main"), **settings)
    running = asyncio.create_task(owner.run())
    ready = asyncio.create_task(owner.ready())
    try:
        if rules:
            await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        yield owner
    finally:
        ready.cancel()
        await owner.stop()
        await asyncio.wait([running])
        await client.aclose()
        if not running.cancelled():
            running.result()


@pytest.fixture
def owning() -> Callable[..., contextlib.AbstractAsyncContextManager[Owner]]:
    """`async with owning(url)`: an owner that rules pool main, stopped properly; what ended it is raised.

    With `rules=False` it may still be standing by.
    """
    return _owning


@pytest.fixture
def entries(redis: Redis) -> Callable[[], Awaitable[list[Entry]]]:
    """What the log holds, as a stranger reads it."""

    async def read() -> list[Entry]:
        return [decode(raw) for _, raw in await PoolLog(redis, "main").read(0, 100_000)]

    return read


@pytest.fixture
def replayed(entries: Callable[[], Awaitable[list[Entry]]]) -> Callable[..., Awaitable[State]]:
    """The state a stranger computes from the log alone."""

    async def replay(upto: int | None = None) -> State:
        state = State()
        for entry in (await entries())[:upto]:
            assert step(state, entry.event, entry.at, entry.origin).effects == entry.effects
        return state

    return replay


@pytest.fixture
def names(entries: Callable[[], Awaitable[list[Entry]]]) -> Callable[[], Awaitable[list[str]]]:
    """The contacts whose arrival the log holds, in order."""

    async def read() -> list[str]:
        return [entry.event.contact for entry in await entries() if isinstance(entry.event, Contact)]

    return read


@pytest.fixture
def released() -> Callable[[Owner, Callable[[Entry], bool]], Awaitable[Entry]]:
    """`await released(owner, wanted)`: the first entry released from here on for which `wanted` holds."""

    def hear(owner: Owner, wanted: Callable[[Entry], bool]) -> Awaitable[Entry]:
        seen: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()

        def listener(heard: Released) -> None:
            if wanted(heard.entry) and not seen.done():
                seen.set_result(heard.entry)

        owner.listen(listener)
        return asyncio.wait_for(seen, 10)

    return hear


@pytest.fixture
def again() -> Callable[[Owner], Awaitable[None]]:
    """Until the log takes events again, as a gateway finds out: by trying."""

    async def attempt(owner: Owner) -> None:
        for _ in range(100):
            try:
                await owner.submit(Tick())
                return
            except Unavailable:
                await asyncio.sleep(0.05)
        raise AssertionError("the log did not come back")

    return attempt
