"""Where the milliseconds of a free agent's ring go: stamps of a traced Guichet between Asterisk's own.

One clock for both: they run on one machine. Stops are those the calls made, in the order they made them.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from msgspec import Struct

from bench.phone.figures import at
from tests.phone.record import calls

START, RUNG = "menu begins (Asterisk)", "the agent's leg begins (Asterisk)"
COMMON = 0.9  # a stop that fewer calls made is no part of the account


class Part(Struct, frozen=True):
    """Milliseconds: from the start of the menu, and from the stop before."""

    stop: str
    since_start: float
    part: float
    part_p95: float


def account(trace: Path, record: Path) -> list[Part]:
    """Of calls that met a free agent, which a traced run at a light load is made of."""
    verdicts, legs = calls(record)
    paths = []
    for call, stamps in json.loads(trace.read_text()).items():
        verdict = verdicts.get(call)
        rung = [leg.rung for leg in legs if leg.call == call]
        if verdict is not None and verdict.asked is not None and rung:
            paths.append(stamps | {START: verdict.asked, RUNG: min(rung)})
    names = {name for path in paths for name in path}
    shared = {name for name in names if sum(name in path for path in paths) >= COMMON * len(paths)}
    whole = [path for path in paths if shared <= path.keys()]
    order = sorted(shared, key=lambda name: median(path[name] - path[START] for path in whole))
    order = order[: order.index(RUNG) + 1] if RUNG in order else []
    parts = []
    for before, stop in zip([START, *order], order, strict=False):
        spent = sorted(1000 * (path[stop] - path[before]) for path in whole)
        since = median(1000 * (path[stop] - path[START]) for path in whole)
        parts.append(Part(stop, since, at(spent, 0.5), at(spent, 0.95)))
    return parts
