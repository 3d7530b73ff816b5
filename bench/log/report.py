"""The figures as Markdown. It computes ratios and nothing else."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from bench.log.load import Figures

WORDS = """# What the log costs

Made by `python -m bench.log`: run it to make this page again on your machine.

**owner** is Guichet's own path, in one process: an event is submitted at the door, stepped by the real core
on {agents} agents, appended to the stream of a Redis that Guichet owns, and its effects are released to a
listener. **sketch** is the least that can be called a durable log: the same loop and client library, one Lua
append per batch, a step that does nothing. Both get the same events (contact, answer, ended, done) from the
same pacer, a process of its own that keeps its rate whatever happens; a time runs from when an event was due
to its release, so a loop that falls behind is charged for it. CPU is what this process used, the driver's own
work and its wake-ups included: it depends less than the times on what else the machine does. A rate is held
if all was released within a second of the last event due, and 99 of 100 within 250 ms.

{pinned}

"""


class Row(Struct, frozen=True):
    """One rate, both subjects."""

    fsync: str
    owner: Figures
    sketch: Figures


def table(rows: list[Row]) -> str:
    """Rates as rows."""
    lines = [
        "| fsync | events/s | owner p50 / p99 ms | sketch p50 / p99 ms | ratio p50 / p99 | owner released/s "
        "| CPU us per event, owner / sketch |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        o, s = row.owner, row.sketch
        lines.append(
            f"| `{row.fsync}` | {o.rate:,.0f} | {_times(o)} | {_times(s)} "
            f"| {o.p50 / s.p50:.2f} / {o.p99 / s.p99:.2f} | {o.done:,.0f} | {o.cpu:.0f} / {s.cpu:.0f} |"
        )
    return "\n".join(lines)


def highest(rates: dict[str, tuple[Figures, Figures]]) -> str:
    """The highest rates held: tried upwards in steps of a quarter."""
    lines = ["| fsync | owner holds | p50 / p99 ms | sketch holds | p50 / p99 ms |", "|---|---|---|---|---|"]
    for fsync, (o, s) in rates.items():
        lines.append(f"| `{fsync}` | {o.rate:,.0f}/s | {_times(o)} | {s.rate:,.0f}/s | {_times(s)} |")
    return "\n".join(lines)


def write(path: Path, words: dict[str, object], parts: list[str]) -> None:
    path.write_text(WORDS.format(**words) + "\n\n".join(parts) + "\n")


def _times(figures: Figures) -> str:
    held = "" if figures.held else " (not held)"
    return f"{figures.p50:.2f} / {figures.p99:.2f}{held}"
