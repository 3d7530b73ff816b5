"""Seconds of CPU that a process and its children have used, from /proc. Nothing inside them is asked."""

from __future__ import annotations

import os
from pathlib import Path

PROGRAMS = {
    "ld-linux": "asterisk",
    "redis": "redis",
    "python": "python",
}  # Asterisk runs under its own loader
TICK = os.sysconf("SC_CLK_TCK")


def used(root: int) -> dict[str, float]:
    """Of this process and all that descend from it, by program: `asterisk`, or `python` and `redis`."""
    stats = dict(_stats())
    family, grown = {root}, True
    while grown:
        more = {pid for pid, (_, parent, _) in stats.items() if parent in family} - family
        grown = bool(more)
        family |= more
    seconds: dict[str, float] = {}
    for pid in family & stats.keys():
        name, _, ticks = stats[pid]
        program = next((known for begins, known in PROGRAMS.items() if name.startswith(begins)), name)
        seconds[program] = seconds.get(program, 0.0) + ticks / TICK
    return seconds


def _stats():
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            before, _, after = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue  # ended meanwhile
        name, fields = before.partition("(")[2], after.split()
        # after the name: state, parent, ...; user and system time, and those of children that have ended
        yield int(folder.name), (name, int(fields[1]), sum(map(int, fields[11:15])))
