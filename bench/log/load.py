"""One measurement: events at a fixed rate whatever happens, timed from when each was due to its release."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from bench.log.life import Life
from router.core.events import Event
from router.core.step import Result
from router.door import Listener, Released

HELD_WITHIN = 1.0  # seconds after the last event was due: by then a rate that is held has released it
DRAINED_WITHIN = 20.0  # seconds a rate that was not held may take to be worked off
HELD_P99 = 0.25  # seconds: above it the line only grows


class Subject(Protocol):
    """What is measured: the part of `router.door.Door` that gateways use most."""

    async def submit(self, event: Event) -> Result: ...
    def listen(self, listener: Listener) -> Callable[[], None]: ...


class Figures(Struct, frozen=True):
    """Of one rate. Times in milliseconds."""

    rate: float  # asked for
    done: float  # released per second
    p50: float
    p99: float
    cpu: float  # microseconds of this process per event, everything in it: also the driver's own
    held: bool


async def load(subject: Subject, life: Life, rate: float, seconds: float, cpu: int | None = None) -> Figures:
    """Runs one pacer to its end, waits for what is under way, counts."""
    run = _Run(subject, life)
    silence = subject.listen(run.heard)
    read, write = os.pipe()
    pacer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.log.pacer", str(rate), str(seconds), stdout=write
    )
    if cpu is not None:
        os.sched_setaffinity(pacer.pid, {cpu})
    os.close(write)
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.add_reader(read, run.due, read, over)
    worked = time.process_time()
    try:
        await over
        started, ended = run.first, time.monotonic()
        limit = ended + HELD_WITHIN
        while (run.started or run.owed) and time.monotonic() < limit:  # noqa: ASYNC110  # many, not one event
            await asyncio.sleep(0.005)
        finished, worked = time.monotonic(), time.process_time() - worked
    finally:
        loop.remove_reader(read)
        os.close(read)
        await pacer.wait()
    left, done = len(run.started) + len(run.owed), len(run.times)
    silence()  # what is owed is not submitted any more
    if run.tasks:
        _, silent = await asyncio.wait(run.tasks, timeout=DRAINED_WITHIN)
        if silent:
            raise TimeoutError(f"{len(silent)} events were never answered: what is measured has died")
    times = sorted(run.times)
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    held = not left and p99 < HELD_P99
    return Figures(rate, done / (finished - started), p50 * 1e3, p99 * 1e3, worked / max(1, done) * 1e6, held)


class _Run:
    """What is under way, and how long what is over took."""

    def __init__(self, subject: Subject, life: Life) -> None:
        self.subject, self.life = subject, life
        self.started: dict[int, float] = {}  # the event, while something holds it -> when it was due
        self.owed: deque[float] = deque()  # when events were due that wait for a release
        self.times: list[float] = []
        self.tasks: set[asyncio.Task[Result]] = set()
        self.first = 0.0

    def due(self, pipe: int, over: asyncio.Future[None]) -> None:
        raw = os.read(pipe, 1 << 16)
        if not raw:
            if not over.done():
                over.set_result(None)
            return
        self.owed.extend(at for (at,) in struct.iter_unpack("d", raw))
        self.first = self.first or self.owed[0]
        self._pay()

    def _pay(self) -> None:
        while self.owed and (event := self.life.next()) is not None:
            self.started[id(event)] = self.owed.popleft()
            task = asyncio.ensure_future(self.subject.submit(event))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def heard(self, released: Released) -> None:
        at = self.started.pop(id(released.entry.event), None)
        if at is not None:
            self.times.append(time.monotonic() - at)
        self.life.heard(released)
        self._pay()
