"""One run: citizens call at a rate, fifty phones answer; what Asterisk recorded of it, and what it cost.

Arrivals are spread by 0 to 2 s: a fixed rhythm would lock into the queue's poll of once a second.
"""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from bench.phone import site, sound
from bench.phone.cpu import used
from bench.phone.figures import Figures, read
from tests.phone.guichet import Guichet, serve
from tests.phone.judge import judge
from tests.phone.lab import Lab
from tests.phone.record import calls as recorded
from tests.phone.sipp import Call, agents, citizens
from tests.phone.until import until

RING_MS = 300
SPREAD_MS = 2_000
PATIENCE_MS = 300_000
NUMBERS = {"app_queue": "3231", "guichet": "3230"}


class Load(Struct, frozen=True):
    """`talk_ms` for a load of `share` of what fifty agents can take."""

    rate: float
    seconds: float
    share: float = 1.15

    @property
    def calls(self) -> int:
        return round(self.rate * self.seconds)

    @property
    def talk_ms(self) -> int:
        return max(100, round(1000 * self.share * len(site.AGENTS) / self.rate) - RING_MS)

    @property
    def ceiling(self) -> float:
        return 1000 * len(site.AGENTS) / (self.talk_ms + RING_MS)


async def run(
    lab: Lab, folder: Path, subject: str, load: Load, program: str = "router.cli", *, audible: bool = False
) -> Figures:
    """Guichet is started for its own runs only: it must not cost the queue anything."""
    await asyncio.to_thread(folder.mkdir)
    if subject == "app_queue":
        return await _measured(lab, folder, subject, load, None, audible)
    async with serve(lab, folder, site.configure, program) as guichet:
        for agent in site.AGENTS:
            await guichet._ask("PUT", f"/agents/{agent}/state", "demo-supervisor", json={"state": "ready"})
        return await _measured(lab, folder, subject, load, guichet, audible)


async def _measured(
    lab: Lab, folder: Path, subject: str, load: Load, guichet: Guichet | None, audible: bool
) -> Figures:
    chance = random.Random(load.rate)
    numbers = NUMBERS[subject]
    wanted = [
        Call(f"{numbers}{each:04}", round(chance.uniform(0, SPREAD_MS)), PATIENCE_MS)
        for each in range(load.calls)
    ]
    before = lab.record.stat().st_size if lab.record.exists() else 0
    ring, talk = (RING_MS, RING_MS), (load.talk_ms, load.talk_ms)
    said = sound.play(folder) if audible else ""
    async with agents(lab, folder, ring=ring, talk=talk, sound=said) as phones:
        cost, began = _cpu(lab, guichet), time.monotonic()
        async with _progress(folder, subject, load):
            log = await citizens(lab, folder, wanted, rate=load.rate, keyed=sound.Tone() if audible else None)
        wall, cost_then = time.monotonic() - began, _cpu(lab, guichet)
        record = folder / "calls.csv.record"
        await until(lambda: _cut(lab.record, before, record), 10)
    judgement = judge(record, log, phones, service=re.compile(numbers + r"\d{4}"))
    times = read(record)
    return Figures(
        subject=subject, rate=load.rate, calls=load.calls, answered=times.answered,
        faults=judgement.faults, next_ring=times.next_ring, free_ring=times.free_ring,
        wait=times.wait, per_second=times.per_second, ceiling=load.ceiling, wall=wall,
        cpu={name: cost_then[name] - cost.get(name, 0.0) for name in cost_then},
        drift=await _drift(guichet) if guichet else "",
        sound=sound.heard(record, lab.folder / "spool") if audible else None,
    )  # fmt: skip


def _cut(source: Path, start: int, target: Path) -> bool:
    """This run's part of Asterisk's record; whether all of its channels have ended there."""
    with source.open("rb") as lines, target.open("wb") as part:
        lines.seek(start)
        shutil.copyfileobj(lines, part)
    verdicts, legs = recorded(target)
    return all(each.end for each in verdicts.values()) and all(leg.ended for leg in legs)


def _cpu(lab: Lab, guichet: Guichet | None) -> dict[str, float]:
    return used(lab.pid) | (used(guichet.process.pid) if guichet else {})


async def _drift(guichet: Guichet) -> str:
    """Differences that Guichet itself found between Asterisk's channels and its own state, of every kind."""
    lines = (await guichet.metrics()).splitlines()
    found = [line.rsplit(" ", 1)[-1] for line in lines if line.startswith("guichet_phone_drift_total")]
    return f"{sum(map(float, found)):g}" if found else ""


@asynccontextmanager
async def _progress(folder: Path, subject: str, load: Load):
    """One line that says how far it is, once a second, where somebody looks."""
    if not sys.stderr.isatty():
        yield
        return

    async def tell() -> None:
        log = folder / "citizens.log"
        while True:
            text = await asyncio.to_thread(log.read_text) if log.exists() else ""
            up, over = text.count(" up "), text.count(" over ")
            line = f"{subject:9} {load.rate:g}/s: {load.calls} calls, {up} in, {over} over"
            print(f"\r{line:70}", end="", file=sys.stderr, flush=True)
            await asyncio.sleep(1)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        print(f"\r{'':70}\r", end="", file=sys.stderr, flush=True)
