"""`python -m bench.phone`: Guichet beside app_queue; prints the table, writes docs/bench-phone.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import pstats
import shutil
import tempfile
from pathlib import Path

from bench.log.machine import machine
from bench.phone import report, site, sound
from bench.phone.account import account
from bench.phone.figures import Figures, at
from bench.phone.load import Load, run
from bench.phone.plot import draw
from tests.phone.lab import Lab

DOCS = Path(__file__).parents[2] / "docs"
RATES = (5, 10, 20, 40, 80)
SUBJECTS = ("app_queue", "guichet")
AUDIBLE = 20.0
LIGHT = Load(rate=10, seconds=10, share=0.5)  # half of what fifty agents can take: somebody is always free


async def with_sound(seconds: float, folder: Path) -> list[str]:
    """The section on calls with sound, on an Asterisk of its own that counts packets."""
    etc = site.etc(folder / "etc")
    sound.prepare(etc)
    rows = []
    with Lab(folder / "a", etc) as lab:
        for subject in SUBJECTS:
            load = Load(AUDIBLE, seconds)
            rows.append(await run(lab, folder / subject, subject, load, audible=True))
            say(rows[-1])
    return [
        f"## With sound\n\nThe same at {AUDIBLE:g} calls/s with RTP both ways (SIPp plays PCMA from both "
        "sides), each tenth conversation recorded (`MixMonitor`), for both. Packets are those that Asterisk "
        "counted in each channel; a channel is mute if none came from there or none went there.",
        report.table(rows),
        report.heard(rows),
    ]


async def bench(options: argparse.Namespace, folder: Path) -> list[str]:
    """The sections of the report."""
    with Lab(folder / "a", site.etc(folder / "etc")) as lab:
        rows = []
        for rate in options.rates:
            for subject in SUBJECTS:
                load = Load(rate, options.seconds)
                rows.append(await run(lab, folder / f"{subject}-{rate:g}", subject, load))
                say(rows[-1])
        light = []
        for subject in SUBJECTS:
            light.append(await run(lab, folder / f"{subject}-light", subject, LIGHT))
            say(light[-1])
        os.environ["TRACE"] = str(folder / "trace")
        await run(lab, folder / "traced", "guichet", LIGHT, "bench.phone.traced")
        stops = account(folder / "trace", folder / "traced" / "calls.csv.record")
        version = lab.cli("core", "show", "version").split(" built")[0]
    if not options.no_page:
        draw(DOCS / "bench-phone.svg", rows)
    gap = at(light[1].free_ring, 0.5) - at(light[0].free_ring, 0.5)
    faults = [f"- {f.subject} {f.rate:g}/s: {fault}" for f in [*rows, *light] for fault in f.faults[:10]]
    return [
        report.table(rows),
        "![answered per second and next ring, by rate](bench-phone.svg)",
        f"## When an agent is free\n\nThe same at {LIGHT.rate:g} calls/s with half as much to do. The middle "
        f"call's phone rings {gap:.1f} ms later than by `app_queue`: that is the price of a durable log.",
        report.table(light),
        "Where it goes (a run of its own, with a stop-watch in Guichet: each stop's median, and what passed "
        "since the stop before; in the order the calls made them):",
        report.parts(stops),
        *(await with_sound(options.seconds, folder / "sound") if options.audio else []),
        "## Faults\n\n" + ("\n".join(faults) or "None: each call ended in one way, no agent had two."),
        "## Machine\n\n```\n" + "\n".join([*machine(), version, *options.told]) + "\n```",
    ]


async def profiled(rate: float, seconds: float, folder: Path) -> None:
    """Where Guichet's own time goes at this rate, most expensive first."""
    os.environ["PROFILE"] = str(folder / "profile")
    with Lab(folder / "a", site.etc(folder / "etc")) as lab:
        say(await run(lab, folder / "run", "guichet", Load(rate, seconds), "bench.phone.profiled"))
    pstats.Stats(os.environ["PROFILE"]).strip_dirs().sort_stats("tottime").print_stats(45)


def say(f: Figures) -> None:
    print(
        f"{f.subject:9} {f.rate:4g}/s  answered {f.answered}/{f.calls}, {f.per_second:6.2f}/s "
        f"= {f.share:.2f} of the ceiling  next ring p50 {at(f.next_ring, 0.5):6.1f} "
        f"p95 {at(f.next_ring, 0.95):6.1f} ms  free p50 {at(f.free_ring, 0.5):5.2f} "
        f"p95 {at(f.free_ring, 0.95):5.2f} ms  wait p50 {at(f.wait, 0.5) / 1000:5.2f} s  CPU s "
        + " ".join(f"{name} {seconds:.2f}" for name, seconds in sorted(f.cpu.items()))
        + (f"  FAULTS {len(f.faults)}: {f.faults[0]}" if f.faults else ""),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.phone", description=__doc__)
    rates = ",".join(map(str, RATES))
    parser.add_argument("--rates", default=rates, help=f"calls per second, with commas (default {rates})")
    parser.add_argument("--seconds", type=float, default=15.0, help="of arrivals, each run (default 15)")
    parser.add_argument("--audio", action="store_true", help="also with sound and recording, at 20 calls/s")
    parser.add_argument("--profile", type=float, metavar="RATE", help="only profile Guichet at this rate")
    parser.add_argument("--no-page", action="store_true", help="print only, leave docs alone")
    parser.add_argument("--keep", action="store_true", help="leave the runs' records, and say where")
    options = parser.parse_args()
    options.rates = [float(rate) for rate in options.rates.split(",")]
    options.told = [f"load average when it began: {os.getloadavg()[0]:.2f}"]
    folder = Path(tempfile.mkdtemp(prefix="bench-phone-"))
    try:
        if options.profile:
            asyncio.run(profiled(options.profile, options.seconds, folder))
            return
        sections = asyncio.run(bench(options, folder))
    finally:
        if options.keep:
            print(f"records: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n" + "\n\n".join(sections))
    if not options.no_page:
        words = {"seconds": options.seconds, "share": round(100 * Load(1, 1).share)}
        report.write(DOCS / "bench-phone.md", words, sections)


if __name__ == "__main__":
    main()
