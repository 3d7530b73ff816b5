"""The parent of `guichet serve`: who is frozen is ended, who dies is started again, nobody outlives it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from router.serve.parent import SILENT_S
from tests.serve.process import Process

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]
WATCH = """
import asyncio, sys
from router.serve.parent import Parent
sys.exit(asyncio.run(Parent([sys.executable, "-c", sys.argv[1]]).run()))
"""


@pytest.fixture
async def site(tmp_path: Path):
    process = Process(tmp_path)
    await process.start()
    yield process
    await process.stop()


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


async def until(ask, within: float):
    async with asyncio.timeout(within):
        while not (answer := ask()):  # noqa: ASYNC110 - another process: only polling tells
            await asyncio.sleep(0.02)
    return answer


async def other_child(parent: int, than: int) -> int:
    """Who serves instead."""
    [child] = await until(lambda: [pid for pid in children(parent) if pid != than and alive(pid)], 15)
    return child


async def served_lines(site: Process) -> bytes:
    """The next line on standard output: somebody serves."""
    assert site.process.stdout is not None
    async with asyncio.timeout(15):
        return await site.process.stdout.readline()


async def test_a_frozen_child_is_ended_and_another_one_serves(site: Process, tmp_path: Path):
    [child] = children(site.process.pid)
    os.kill(child, signal.SIGSTOP)
    frozen = time.monotonic()
    other = await other_child(site.process.pid, child)
    assert time.monotonic() - frozen < SILENT_S + 2, "the promise: within five seconds somebody is starting"
    assert not alive(child)
    assert (await served_lines(site)).startswith(b"guichet serves ")
    assert children(site.process.pid) == [other]
    assert "did not turn for 3 s" in (tmp_path / "serve.log").read_text()


async def test_a_killed_child_is_started_again_with_what_it_knew(site: Process):
    body = {"contact": "c-1", "channel": "chat", "topic": "housing", "language": "fr"}
    assert (await site.ask("POST", "contacts", "demo-operator", body))[0] == 201
    [child] = children(site.process.pid)
    os.kill(child, signal.SIGKILL)
    await other_child(site.process.pid, child)
    await site.serves_again()
    assert (await site.ask("GET", "contacts/c-1", "demo-supervisor"))[0] == 200


@pytest.mark.parametrize("frozen", [False, True], ids=["turning", "frozen"])
async def test_the_child_of_a_killed_parent_ends(site: Process, frozen: bool):
    [child] = children(site.process.pid)
    if frozen:
        os.kill(child, signal.SIGSTOP)
    await site.kill()
    await until(lambda: not alive(child), 2)
    await site.start()  # adopts the Redis that both left behind


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_told_to_stop_all_end_in_order(site: Process, tmp_path: Path, number: signal.Signals):
    [child] = children(site.process.pid)
    [redis] = children(child)
    site.process.send_signal(number)
    assert await asyncio.wait_for(site.process.wait(), 20) == 0
    assert not alive(child)
    assert not alive(redis)
    assert "started again" not in (tmp_path / "serve.log").read_text()


async def test_a_child_that_froze_while_stopping_is_ended_too(tmp_path: Path):
    deaf = (
        "import signal, time; signal.signal(15, lambda *_: None); open('up', 'w').close()\n"
        "while True: time.sleep(9)"
    )
    process = await watched(tmp_path, deaf)
    await until((tmp_path / "up").exists, 10)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 128 + signal.SIGKILL


async def test_a_child_without_its_redis_is_left_alone(site: Process):
    [child] = children(site.process.pid)
    [redis] = children(child)
    os.kill(redis, signal.SIGSTOP)
    try:
        await asyncio.sleep(SILENT_S + 2)  # what must not happen has no event
        assert children(site.process.pid) == [child]
    finally:
        os.kill(redis, signal.SIGCONT)


async def test_who_was_stopped_together_with_the_child_does_not_end_it(site: Process):
    """A suspended machine, a frozen container: the child had no chance to beat."""
    [child] = children(site.process.pid)
    for pid in (site.process.pid, child):
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(SILENT_S + 1.5)
    os.kill(site.process.pid, signal.SIGCONT)  # the parent first: the harder order
    await asyncio.sleep(0.5)
    os.kill(child, signal.SIGCONT)
    await asyncio.sleep(SILENT_S + 1)
    assert children(site.process.pid) == [child]


async def watched(folder: Path, script: str) -> asyncio.subprocess.Process:
    """A parent whose child is this script."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", WATCH, script,
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("code", [0, 1, 2, 7])
async def test_a_child_that_ends_by_itself_is_not_started_again(tmp_path: Path, code: int):
    script = f"import sys; open('lives', 'a').write('x'); sys.exit({code})"
    process = await watched(tmp_path, script)
    assert await asyncio.wait_for(process.wait(), 10) == code
    assert (tmp_path / "lives").read_text() == "x"


async def test_deaths_one_after_the_other_are_spaced_and_a_failing_start_between_them_is_tried_again(
    tmp_path: Path,
):
    script = (
        "import os, sys, pathlib, time\n"
        "lives = pathlib.Path('lives'); n = len(lives.read_text()) if lives.exists() else 0\n"
        "open('lives', 'a').write('x'); open('times', 'a').write(f'{time.time()}\\n')\n"
        "if n == 4: sys.exit(0)\n"
        "sys.exit(1) if n == 2 else os.kill(os.getpid(), 9)"
    )
    process = await watched(tmp_path, script)
    assert await asyncio.wait_for(process.wait(), 20) == 0
    times = [float(line) for line in (tmp_path / "times").read_text().split()]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(gaps) == 4
    assert all(gap >= least for gap, least in zip(gaps, (0.1, 0.2, 0.4, 0.8), strict=True))
