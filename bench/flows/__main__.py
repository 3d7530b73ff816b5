"""Walks scenarios of flows as fast as one core goes, and writes docs/bench-flows.md.

    python -m bench.flows [--seconds 5] [--no-calls] [--write]

A session is a whole scenario, from the first word to the end; a step is one `advance`, with what it says put
into words as a chat needs it. Loading and checking are timed by themselves: they happen at publication.
Then key to prompt on a real Asterisk (programs as in ./test): some four minutes, alone on the machine.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.flows import calls
from bench.log.machine import machine
from config.typed import read_as
from ivr_flows.check import check
from ivr_flows.interpreter import advance
from ivr_flows.loader import draft
from ivr_flows.model import Flows
from ivr_flows.scenario import Scenarios, walk
from ivr_flows.session import Input, Session, Step
from ivr_flows.text import lines

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "bench-flows.md"
SUBJECTS = (ROOT / "tests/flows/good/housing.yaml", ROOT / "ivr_flows/library/welcome.yaml")
NOW = 1_796_000_000_000_000


class Figures(NamedTuple):
    """Of one flow."""

    name: str
    nodes: int
    load_ms: float
    sessions: float
    steps: float
    p50: float
    p95: float
    p99: float
    kept: int


def measured(file: Path, seconds: float) -> Figures:
    """Its scenarios again and again, for so long."""
    began = time.thread_time()
    made = draft(file)
    wrong = [fault for fault in check(made) if not fault.warning]
    load_ms = (time.thread_time() - began) * 1000
    if wrong:
        raise SystemExit("\n".join(map(str, wrong)))
    scenarios = read_as(file.with_name(f"{file.stem}.scenarios.yaml"), Scenarios).value.scenarios
    recorded: list[list[Input]] = []
    kept = 0
    for scenario in scenarios:
        taken: list[Input] = []

        def watch(happened: Input, step: Step, taken: list[Input] = taken) -> None:
            nonlocal kept
            taken.append(happened)
            kept = max(kept, len(msgspec.json.encode(step.session)))

        walk(made.flows, scenario, "text", NOW, watch=watch)
        recorded.append(taken)
    took: list[int] = []
    sessions = 0
    gc.collect()
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        for inputs in recorded:
            took += _session(made.flows, inputs)
            sessions += 1
    spent = time.thread_time() - began
    cut = statistics.quantiles(took, n=100)
    nodes = sum(len(flow.nodes) for flow in made.flows.flows.values())
    return Figures(
        file.stem, nodes, load_ms, sessions / spent, len(took) / spent,
        cut[49] / 1000, cut[94] / 1000, cut[98] / 1000, kept,
    )  # fmt: skip


def _session(flows: Flows, inputs: list[Input]) -> list[int]:
    session = Session()
    took = []
    for happened in inputs:
        began = time.thread_time_ns()
        step = advance(flows, session, happened, NOW)
        lines(step.asks)
        took.append(time.thread_time_ns() - began)
        session = step.session
    return took


def page(found: list[Figures], keyed: list[calls.Keyed]) -> str:
    """The tables."""
    rows = [
        f"| {each.name} ({each.nodes} nodes) | {each.sessions:,.0f} | {each.steps:,.0f} | {each.p50:.0f} | "
        f"{each.p95:.0f} | {each.p99:.0f} | {each.kept:,} | {each.load_ms:.0f} |"
        for each in found
    ]
    head = """\
# What a flow costs

`python -m bench.flows --write`, in process on one core. A session is a whole scenario of the flow; a step is
one `advance` with its words put together as a chat shows them. Load and check happen once, at publication.
Times are the processor's own (a second is one that it worked), so that a busy machine does not count.

| flow | sessions/s | steps/s | step p50, µs | p95 | p99 | largest session, bytes | load and check, ms |
|---|---|---|---|---|---|---|---|
"""
    pressed = [calls.section(keyed)] if keyed else []
    return head + "\n".join([*rows, *pressed, "", "```", *machine(), "```", ""])


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5, help="for each flow (default: 5)")
    parser.add_argument("--no-calls", action="store_true", help="without Asterisk")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    found = [measured(file, arguments.seconds) for file in SUBJECTS if file.is_file()]
    keyed: list[calls.Keyed] = []
    if not arguments.no_calls:
        with tempfile.TemporaryDirectory(prefix="guichet-") as folder:
            keyed = [calls.keyed(Path(folder) / way, way) for way in ("rfc2833", "info")]
    text = page(found, keyed)
    print(text)
    if arguments.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
