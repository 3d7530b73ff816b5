"""Seed after seed for as long as told: `python -m tests.engine.soak --seconds 600`.

It must never run within the tests: it has no end of its own.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time

from tests.engine.run import run_seed
from tests.engine.shrink import shrink


def main() -> int:
    """0 when no law broke."""
    options = argparse.ArgumentParser(
        description="Seeded streams against guichet engine, under the law checker."
    )
    options.add_argument("--seconds", type=float, default=60.0, help="how long to go on")
    options.add_argument("--from-seed", type=int, default=1000, help="the first seed")
    options.add_argument("--lines", type=int, default=1000, help="lines of each seed")
    options.add_argument("--tries", type=int, default=0, help="engines started to shrink each failure")
    chosen = options.parse_args()
    until, failed, lines = time.monotonic() + chosen.seconds, 0, 0
    for seed in itertools.count(chosen.from_seed):
        if time.monotonic() >= until:
            break
        said = run_seed(seed, chosen.lines)
        lines += len(said.sent)
        if said.faults:
            failed += 1
            told = shrink(said, chosen.tries).tell(last=40) if chosen.tries else said.tell()
            print(f"seed {seed}, line {len(said.sent)}:\n{told}\n", flush=True)
    print(f"{seed - chosen.from_seed} seeds, {lines} lines, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
