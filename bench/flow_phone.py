"""`python -m bench.flow_phone`: from a key to the next prompt, on a real Asterisk, many calls at once.

Asterisk's own clock tells: the `Read` that takes a key ends with it, and the next `Read` begins to play.
Between lie FastAGI, the interpreter, the trace in Redis and the choice of sounds.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import shutil
import tempfile
from pathlib import Path

from bench.log.machine import machine
from ivr_flows.scenario import Expected, Scenario
from tests.phone.flow_stage import Walk, stage
from tests.phone.lab import Lab
from tests.phone.sipp import Call, Keys, citizens

ETC = Path(__file__).parents[1] / "deploy" / "asterisk" / "etc"
KEYS = ["1", *"**********", "2", *"*****"]  # the language, then menus said again


def etc(folder: Path) -> Path:
    """The shipped configuration, with each `Read` in the record."""
    shutil.copytree(ETC, folder)
    cel = folder / "cel.conf"
    cel.write_text(cel.read_text().replace("apps = agi,", "apps = read,agi,"))
    return folder


def gaps(record: Path) -> list[float]:
    """Milliseconds from each `Read`'s end to the start of the next one of its call."""
    ended: dict[str, float] = {}
    found = []
    for kind, at, _, call, *rest in csv.reader(record.read_text().splitlines()):
        if rest[3] != "Read":
            continue
        if kind == "APP_END":
            ended[call] = float(at)
        elif kind == "APP_START" and call in ended:
            found.append(1000 * (float(at) - ended.pop(call)))
    return sorted(found)


async def measure(folder: Path, at_once: int, way: str) -> list[float]:
    """One round of so many calls at once."""
    await asyncio.to_thread(folder.mkdir)
    answers = tuple(KEYS)
    walks = {
        f"3230{n:04}": Walk(
            f"3230{n:04}", "welcome", Scenario(name="bench", answers=answers, expect=Expected())
        )
        for n in range(1, at_once + 1)
    }
    with Lab(folder / "a", etc(folder / "etc")) as lab:
        async with stage(lab, folder, walks, {}):
            presses = [(2500 if number == 0 else 700, key) for number, key in enumerate(KEYS)]
            calls = [Call(number, 37 * n, 1500) for n, number in enumerate(walks)]
            await citizens(lab, folder, calls, keyed=Keys(presses, way), rate=100)
        return gaps(lab.record)


def row(at_once: int, way: str, found: list[float]) -> str:
    points = [found[min(len(found) - 1, int(part * len(found)))] for part in (0.5, 0.95, 0.99, 1)]
    return f"| {at_once} | {way} | {len(found)} | " + " | ".join(f"{each:.1f}" for each in points) + " |"


def main() -> None:
    """Prints the table; writes it where `--write` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", default="1,10,40", help="at once (default: 1,10,40)")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    lines = [
        "# Flows on the phone: from a key to the next prompt",
        "",
        f"Made by `python -m bench.flow_phone --calls {given.calls} --write` … on the machine below.",
        "Asterisk, Guichet, Redis and SIPp share the machine. Milliseconds by Asterisk's own clock, from the",
        "end of the `Read` that took a key to the start of the next, which plays. Promised: p95 at most 50.",
        "",
        "| calls at once | keys by | keys | p50 | p95 | p99 | most |",
        "|---|---|---|---|---|---|---|",
    ]
    for at_once in (int(each) for each in given.calls.split(",")):
        for way in ("rfc2833", "info"):
            folder = Path(tempfile.mkdtemp(prefix="guichet-"))
            try:
                found = asyncio.run(measure(folder / "b", at_once, way))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            lines.append(row(at_once, way, found))
            print(lines[-1], flush=True)
    if given.write:
        given.write.write_text("\n".join([*lines, "", "```", *machine(), "```"]) + "\n")


if __name__ == "__main__":
    main()
