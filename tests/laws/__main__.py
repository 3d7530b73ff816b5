"""Seed after seed for as long as told: `python -m tests.laws --seconds 120 --seed 7`.

It must never run within the tests: it has no end of its own. The exit code is 1 when a law broke.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter

from tests.laws.met import SITUATIONS
from tests.laws.run import run_inside

TEACH = "Random centres through the core in this process, every line under the law checker."


def main() -> int:
    """0 when no law broke and every situation was met."""
    options = argparse.ArgumentParser(prog="python -m tests.laws", description=TEACH)
    options.add_argument("--seconds", type=float, default=60.0, help="how long to go on (60)")
    options.add_argument("--seed", type=int, default=10_000, help="the first seed (10000)")
    options.add_argument("--lines", type=int, default=1500, help="lines of each seed (1500)")
    options.add_argument("--stop", action="store_true", help="stop at the first breach")
    chosen = options.parse_args()
    began, failed, lines = time.monotonic(), 0, 0
    met: Counter[str] = Counter()
    for seed in itertools.count(chosen.seed):
        passed = time.monotonic() - began
        if passed >= chosen.seconds or (failed and chosen.stop):
            break
        said, seen = run_inside(seed, chosen.lines)
        lines += len(said.sent)
        met += seen
        if said.faults:
            failed += 1
            print(f"\nseed {seed}, line {len(said.sent)}:\n{said.tell(last=3)}\n", flush=True)
        if sys.stderr.isatty():
            print(
                f"\r{passed:5.0f} s of {chosen.seconds:.0f}, seed {seed}, {lines} lines",
                end="",
                file=sys.stderr,
            )
    width = max(map(len, SITUATIONS))
    for situation in SITUATIONS:
        print(f"{situation:{width}}  {met[situation]}")
    rate = lines / (time.monotonic() - began)
    print(f"{seed - chosen.seed} seeds, {lines} lines ({rate:.0f} a second), {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
