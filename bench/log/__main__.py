"""`python -m bench.log`: measures the log, prints the table, writes docs/bench-log.md. Under four minutes."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import shutil
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal

from bench.log import report, subjects
from bench.log.life import AGENTS
from bench.log.load import Figures, load
from bench.log.machine import machine
from bench.log.profile import profiled
from router.log.owned import OwnedRedis

PAGE = Path(__file__).parents[2] / "docs" / "bench-log.md"
RATES = (200, 5_000, 10_000)
FIRST, STEP, LAST = 6_000, 1.25, 60_000  # events/s: where the search for the highest rate begins and ends
MODES: tuple[Literal["always", "everysec"], ...] = ("always", "everysec")


class Bench:
    """One Redis after the other, owner and sketch in turn on each, so that both meet the same machine."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.seconds: float = options.seconds
        self.rates: list[int] = options.rates
        cores = sorted(os.sched_getaffinity(0))
        self.pinned = len(cores) > 1 and not options.no_pin
        self.other = cores[1] if self.pinned else None
        if self.pinned:
            os.sched_setaffinity(0, {cores[0]})
        self._pools = 0

    async def run(self) -> tuple[list[report.Row], dict[str, tuple[Figures, Figures]]]:
        rows, best = [], {}
        for fsync in MODES:
            folder = Path(tempfile.mkdtemp(prefix="bench-log-"))
            redis = OwnedRedis(folder, fsync)
            await redis.start()
            if self.other is not None and redis.server is not None:
                os.sched_setaffinity(redis.server.pid, {self.other})
            try:
                for rate in self.rates:
                    figures = [
                        await self.one(which, redis.url, rate) for which in (subjects.sketch, subjects.owner)
                    ]
                    rows.append(report.Row(fsync, owner=figures[1], sketch=figures[0]))
                    say(f"{fsync:9}{rate:>7,}/s", *figures)
                best[fsync] = (
                    await self.highest(subjects.owner, redis.url),
                    await self.highest(subjects.sketch, redis.url),
                )
                say(f"{fsync:9} highest", best[fsync][1], best[fsync][0])
            finally:
                await redis.stop()
                shutil.rmtree(folder, ignore_errors=True)
        return rows, best

    async def one(self, which: _Open, url: str, rate: float, seconds: float | None = None) -> Figures:
        """On a pool of its own, after a short run that warms up both ends."""
        self._pools += 1
        async with which(url, f"bench-{self._pools}") as (subject, life):
            await load(subject, life, min(rate, 1000), 0.5, self.other)
            gc.collect()
            return await load(subject, life, rate, seconds or self.seconds, self.other)

    async def highest(self, which: _Open, url: str) -> Figures:
        """Upwards until a rate is not held twice."""
        rate, best, failed = float(FIRST), None, 0
        while rate <= LAST and failed < 2:
            figures = await self.one(which, url, rate, 2.0)
            if figures.held:
                best, rate, failed = figures, rate * STEP, 0
            else:
                failed += 1
        return best or figures


_Open = type[AbstractAsyncContextManager]


def say(what: str, sketch: Figures, owner: Figures) -> None:
    for name, f in (("sketch", sketch), ("owner", owner)):
        mark = "" if f.held else "  NOT HELD"
        times = f"p50 {f.p50:7.2f} ms  p99 {f.p99:7.2f} ms  cpu {f.cpu:4.0f} us"
        print(f"{what}  {name:7} {f.rate:>8,.0f}/s  {times}{mark}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.log", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measurement (default 5)")
    parser.add_argument(
        "--rates", type=int, nargs="+", default=list(RATES), help="events per second to measure"
    )
    parser.add_argument(
        "--no-pin", action="store_true", help="do not keep this process to one core, Redis to another"
    )
    parser.add_argument("--no-page", action="store_true", help="print only, leave docs/bench-log.md alone")
    parser.add_argument(
        "--profile",
        type=int,
        metavar="RATE",
        help="profile the owner at this rate (everysec) and print where time goes",
    )
    options = parser.parse_args()
    bench = Bench(options)
    if options.profile:
        asyncio.run(profiled(bench, options.profile))
        return
    load_before = os.getloadavg()[0]
    rows, best = asyncio.run(bench.run())
    pinned = "This process was kept to one core, Redis and the pacer to another." if bench.pinned else ""
    told = [*machine(), f"load average when it began: {load_before:.2f}"]
    parts = [report.table(rows), "## Highest rate held", report.highest(best), "## Machine", _code(told)]
    print("\n" + "\n\n".join(parts[:3]))
    if not options.no_page:
        report.write(PAGE, {"agents": AGENTS, "pinned": pinned}, parts)


def _code(lines: list[str]) -> str:
    return "\n".join(["```", *lines, "```"])


if __name__ == "__main__":
    main()
