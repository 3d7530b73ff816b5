"""`python -m bench.estimate`: wait estimates in a dozen centres, as a table. Nothing here is timed.

Each contact asks before it comes, as `guichet engine` would be asked; who had to wait and was served counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.asked import whole
from bench.estimate.judge import Verdict, judge
from bench.estimate.world import Run
from bench.estimate.worlds import worlds

HEAD = """# How good wait estimates are

Made by `python -m bench.estimate --seed {seeds} --write docs/bench-estimate.md`.

Before each contact the core was asked for an estimate, under a virtual clock; those count who then had to
wait and were served, after an hour of warming up. *Ratio*: the root of the mean squared error
over that of queue-length that counts leavers and knows the true rates, which the core must learn
(target: at most 1.05). *Within*: the share of waits between the 10 % and the 90 % point (target: 77 to 83 %).
*Waiting*: the same for those asked again every half minute while they wait.

| centre | channel | seed | waits | wait, s | error, s | ratio | within | below | above | waiting |
|---|---|---|---|---|---|---|---|---|---|---|
"""
FOOT = """
With one kind of contact the core is within some 3 % of an estimator that is told the rates. Of few waits
(chat in the last centre) the share itself is known to some 3 points. Where topics and languages share
agents, and mail is held back for calls, a wait is hardly foretold (mail depends on calls yet to come); the
interval says so: it is wide, and holds about what it promises. How it is done is written in
`router/core/estimate.py`, `flow.py` and `calibrate.py`.
"""


def row(name: str, channel: str, seed: int, verdict: Verdict) -> str:
    """One line of the table."""
    against = "" if verdict.known_rmse is None else f"{verdict.rmse / verdict.known_rmse:.3f}"
    shares = (verdict.coverage, verdict.below, verdict.above, verdict.later_coverage)
    figures = (f"{verdict.many}", f"{verdict.mean_wait:.0f}", f"{verdict.rmse:.1f}", against)
    told = (name, channel, str(seed), *figures, *(f"{100 * share:.1f} %" for share in shares))
    return f"| {' | '.join(told)} |"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.estimate", description=__doc__)
    parser.add_argument(
        "--seed", type=whole(0), nargs="+", default=[1], metavar="N", help="one or more (default: 1)"
    )
    parser.add_argument("--only", default="", help="centres whose name contains this")
    parser.add_argument("--write", type=Path, help="write the table to this file")
    given = parser.parse_args()
    rows: dict[tuple[str, str], list[str]] = {}  # centre and channel -> a line for each seed
    chosen = [(world, seed) for seed in given.seed for name, world in worlds().items() if given.only in name]
    if not chosen:
        parser.error(f"no centre's name contains {given.only!r}: there are " + "; ".join(worlds()))
    for number, (world, seed) in enumerate(chosen, 1):
        print(f"\r{number}/{len(chosen)} {world.name:60}", end="", file=sys.stderr, flush=True)
        told = Run(world, seed).live()
        for channel in sorted({each.channel for each in told}):
            verdict = judge([each for each in told if each.channel == channel])
            rows.setdefault((world.name, channel), []).append(row(world.name, channel, seed, verdict))
    print(file=sys.stderr)
    lines = [line for seeds in rows.values() for line in seeds]
    text = HEAD.format(seeds=" ".join(map(str, given.seed))) + "\n".join(lines) + "\n" + FOOT
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
