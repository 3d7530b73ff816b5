"""Key press to next prompt on a real Asterisk: citizens of the library's scenarios, forty at once.

By Asterisk's own stamps of both (tests/phone/gaps.py): the end of the key, and the command that says the next
prompt. It must never count a citizen who goes to the line or to an agent by that key: no prompt answers it.
"""

from __future__ import annotations

import asyncio
import statistics
from pathlib import Path
from typing import NamedTuple

from tests.phone.flow_walk import AT_ONCE, chosen, judged, walked


class Keyed(NamedTuple):
    """Of one way of keying: seconds from each key to the next prompt, and how many went astray."""

    way: str
    citizens: int
    astray: int
    gaps: list[float]


def keyed(folder: Path, way: str) -> Keyed:
    """Every scenario for the phone once, on an Asterisk of its own."""
    folder.mkdir()
    walks = chosen("next")
    with judged(folder) as lab:
        by = asyncio.run(walked(lab, folder, walks, (way,), ready=True))
    return Keyed(way, len(walks), len(by.faults), by.gaps)


def section(found: list[Keyed]) -> str:
    """For the page."""
    rows = []
    for each in found:
        cut = [gap * 1000 for gap in statistics.quantiles(each.gaps, n=100, method="inclusive")]
        rows.append(
            f"| {each.way} | {each.citizens} | {each.astray} | {len(each.gaps)} | {cut[49]:.0f} | "
            f"{cut[94]:.0f} | {cut[98]:.0f} | {max(each.gaps) * 1000:.0f} |"
        )
    head = f"""
## Key to prompt, on Asterisk

All scenarios of the library for the phone, {AT_ONCE} calls at once, by SIPp on a real Asterisk with real
Redis, all on this one machine, callers and agents' phones too. From the end of the key to the command that
says the next prompt, both by Asterisk's stamps; promised is a p95 of 50 ms. A citizen went astray whose path
is not the scenario's.

| keyed by | citizens | astray | keys | p50, ms | p95 | p99 | longest |
|---|---|---|---|---|---|---|---|
"""
    return head + "\n".join([*rows, ""])
