"""The owned Redis on a real redis-server: single on its directory, adopted, started again, never harmed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from router.log.connection import connect
from router.log.errors import LogError
from router.log.owned import OwnedRedis
from router.log.owned_errors import DamagedLog, DidNotStart, InUse, NoRedisServer, Stuck
from router.log.script import command
from router.log.server import check_server

pytestmark = pytest.mark.redis
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def owned(redis_directory: Path) -> AsyncIterator[OwnedRedis]:
    redis = OwnedRedis(redis_directory / "of its own")
    yield redis
    await redis.stop()


async def ask(owned: OwnedRedis, *words: str) -> object:
    client = connect(owned.url)
    try:
        return await command(client, *words)
    finally:
        await client.aclose()


def living(directory: Path) -> list[int]:
    """Every redis-server whose working directory this is: the kernel's word, not ours."""
    found = []
    for proc in Path("/proc").glob("[0-9]*"):
        try:
            if (proc / "cwd").readlink() == directory and (proc / "comm").read_text().startswith("redis"):
                found.append(int(proc.name))
        except OSError:
            continue
    return found


async def test_it_is_not_started_before_it_has_loaded_its_file(owned: OwnedRedis) -> None:
    """While it loads, CONFIG and INFO answer already, and INFO says that appendonly is off."""
    await owned.start()
    many = "for i = 1, 20000 do redis.call('SET', ARGV[1] .. i, i) end"
    for part in range(15):  # one script for all would take longer than a reply may, on a busy machine
        await ask(owned, "EVAL", many, "0", f"{part}-")
    await owned.stop()
    again = OwnedRedis(owned.directory)
    await again.start()
    try:
        client = connect(again.url)
        await check_server(client)
        await client.aclose()
    finally:
        await again.stop()


async def test_it_is_fit_for_the_log_and_private(owned: OwnedRedis) -> None:
    await owned.start()
    client = connect(owned.url)
    await check_server(client)
    assert (await command(client, "CONFIG", "GET", "appendfsync"))[1] == b"always"
    assert (await command(client, "CONFIG", "GET", "port"))[1] == b"0"
    await client.aclose()
    assert owned.directory.stat().st_mode & 0o777 == 0o700
    assert (owned.directory / "redis.sock").stat().st_mode & 0o777 == 0o700


async def test_stop_leaves_no_process_and_the_data(owned: OwnedRedis) -> None:
    await owned.start()
    await ask(owned, "SET", "kept", "yes")
    await owned.stop()
    assert living(owned.directory) == []
    await owned.start()
    assert await ask(owned, "GET", "kept") == b"yes"


async def test_a_second_guichet_on_the_directory_is_refused(owned: OwnedRedis) -> None:
    await owned.start()
    with pytest.raises(InUse, match="stop it"):
        await OwnedRedis(owned.directory).start()
    assert len(living(owned.directory)) == 1


START_AND_HANG = """
import asyncio, sys
from pathlib import Path
from router.log.owned import OwnedRedis
async def main():
    redis = OwnedRedis(Path(sys.argv[1]), "everysec")
    await redis.start()
    print(redis.server.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def killed_guichet(directory: Path) -> int:
    """A Guichet that started its Redis and was killed; returns the orphan's process id."""
    guichet = subprocess.Popen(
        [sys.executable, "-c", START_AND_HANG, str(directory)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert guichet.stdout is not None
    with guichet.stdout:
        pid = int(guichet.stdout.readline())
    guichet.kill()
    guichet.wait()
    return pid


async def test_an_orphan_is_adopted_never_doubled_and_stopped_at_the_end(owned: OwnedRedis) -> None:
    orphan = killed_guichet(owned.directory)
    assert living(owned.directory) == [orphan]
    await owned.start()
    assert owned.server is not None
    assert owned.server.adopted
    assert owned.server.pid == orphan
    assert await ask(owned, "CONFIG", "GET", "appendfsync") == [b"appendfsync", b"always"]
    assert living(owned.directory) == [orphan]
    await owned.stop()
    assert living(owned.directory) == []


@pytest.mark.parametrize("adopted", [False, True])
async def test_a_killed_one_is_back_within_a_second_with_its_data(owned: OwnedRedis, adopted: bool) -> None:
    if adopted:
        killed_guichet(owned.directory)
    await owned.start()
    back = asyncio.Queue[int]()
    watching = asyncio.create_task(owned.watch(back.put_nowait))
    for restarts in (1, 2):
        await ask(owned, "SET", "acknowledged", str(restarts))
        assert owned.server is not None
        killed_at = time.monotonic()
        os.kill(owned.server.pid, signal.SIGKILL)
        assert await back.get() == restarts
        assert time.monotonic() - killed_at < 1
        assert await ask(owned, "GET", "acknowledged") == str(restarts).encode()
        assert living(owned.directory) == [owned.server.pid]
    await owned.stop()
    await watching


async def test_one_that_hangs_is_never_doubled(owned: OwnedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.log.owned_launch.PATIENCE", 0.3)
    orphan = killed_guichet(owned.directory)
    os.kill(orphan, signal.SIGSTOP)
    try:
        with pytest.raises(Stuck, match=f"kill {orphan}"):
            await owned.start()
        assert living(owned.directory) == [orphan]
    finally:
        os.kill(orphan, signal.SIGCONT)
    await owned.start()


async def test_a_damaged_file_is_named_with_its_mend_and_left_alone(owned: OwnedRedis) -> None:
    await owned.start()
    for number in range(200):
        await ask(owned, "SET", f"key{number}", "value")
    await owned.stop()
    file = next((owned.directory / "appendonlydir").glob("*.incr.aof"))
    damaged = file.read_bytes().replace(b"key100", b"\n\n\n\n\n\n", 1)[:-3] + b"???"
    damaged = damaged.replace(b"$3\r\nSET\r\n$6\r\nkey101", b"?3\r\nSET\r\n$6\r\nkey101")
    file.write_bytes(damaged)
    with pytest.raises(DamagedLog, match=r"redis-check-aof --fix .*appendonly\.aof\.manifest"):
        await owned.start()
    assert file.read_bytes() == damaged
    assert living(owned.directory) == []


async def test_a_last_command_torn_by_a_crash_is_no_damage(owned: OwnedRedis) -> None:
    await owned.start()
    await ask(owned, "SET", "whole", "yes")
    await ask(owned, "SET", "torn", "yes")
    await owned.stop()
    file = next((owned.directory / "appendonlydir").glob("*.incr.aof"))
    file.write_bytes(file.read_bytes()[:-3])
    await owned.start()
    assert await ask(owned, "MGET", "whole", "torn") == [b"yes", None]


async def test_a_path_too_long_for_a_socket_gets_a_short_link(
    redis_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = redis_directory / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    long = redis_directory / ("d" * 60) / ("é" * 30)
    owned = OwnedRedis(long)
    await owned.start()
    assert await ask(owned, "PING") in (b"PONG", True)
    assert living(long) == [owned.server.pid if owned.server else 0]
    await owned.stop()
    (runtime / f"guichet-{os.getuid()}").chmod(0o777)
    with pytest.raises(LogError, match="not private"):
        await owned.start()


async def test_without_redis_the_package_is_named(owned: OwnedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoRedisServer, match="apt-get install redis-server"):
        await owned.start()


async def test_a_directory_that_cannot_be_made_is_named(redis_directory: Path) -> None:
    (redis_directory / "file").touch()
    with pytest.raises(DidNotStart, match="mend"):
        await OwnedRedis(redis_directory / "file" / "redis").start()


async def test_ctrl_c_at_the_terminal_does_not_reach_it(owned: OwnedRedis) -> None:
    await owned.start()
    assert owned.server is not None
    assert os.getpgid(owned.server.pid) != os.getpgid(0)
