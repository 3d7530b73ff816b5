"""`python -m bench.policy`: the shipped policy against classical rules, on centres that nobody tuned on.

  python -m bench.policy live --agents 80 --centres 0-7 --out figures.jsonl    lives days, one line each
  python -m bench.policy page figures.jsonl > docs/policy-figures.md           the figures as a page
  python -m bench.policy engine --agents 12 --centre 0                         a day through the protocol

Days already in the file are not lived again, so a run that was cut short goes on. `--part train --all` lives
every rival of the grid on the centres that weights may be chosen on. A day of 150 agents takes some 15 s.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.asked import span, whole
from bench.policy.centres import SIZES, centre
from bench.policy.lines import compare
from bench.policy.opponents import GUICHET, SHORT, Rival, day, grid
from bench.policy.page import page


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.policy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    live = commands.add_parser("live", help="live days and note their figures")
    live.add_argument("--agents", type=int, choices=SIZES, required=True)
    live.add_argument(
        "--centres", type=span, default=span("0-3"), metavar="A-B", help="which centres (default: 0-3)"
    )
    live.add_argument("--days", type=whole(1), default=1, help="of each centre (default: 1)")
    live.add_argument("--part", choices=("train", "test"), default="test")
    live.add_argument("--all", action="store_true", help="every rival of the grid, not the best of each kind")
    live.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl")
    live.set_defaults(run=lived)
    paged = commands.add_parser("page", help="print the page")
    paged.add_argument("file", type=Path)
    paged.set_defaults(run=paged_of)
    through = commands.add_parser(
        "engine", help="one day through `guichet engine`, beside the same in process"
    )
    through.add_argument("--agents", type=int, choices=SIZES, required=True)
    through.add_argument("--centre", type=whole(0), default=0)
    through.set_defaults(run=lambda given: compare(centre(given.agents, "test", given.centre)))
    given = parser.parse_args()
    return int(given.run(given))


def paged_of(given: argparse.Namespace) -> int:
    if not given.file.exists():
        print(f"there is no {given.file}: `live --out {given.file}` makes it", file=sys.stderr)
        return 2
    print(page(read(given.file)), end="")
    return 0


def lived(given: argparse.Namespace) -> int:
    """Days that are not in the file yet."""
    known = {(row["part"], row["agents"], row["centre"], row["day"], row["rival"]) for row in read(given.out)}
    rivals = [GUICHET, *(grid(given.agents) if given.all else SHORT[given.agents])]
    plan = [
        (number, replication, rival)
        for number in given.centres
        for replication in range(given.days)
        for rival in rivals
        if (given.part, given.agents, number, replication, str(rival)) not in known
    ]
    for done, (number, replication, rival) in enumerate(plan, 1):
        _note(given, number, replication, rival)
        print(f"\r{given.agents} agents: {done} of {len(plan)} days", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return 0


def _note(given: argparse.Namespace, number: int, replication: int, rival: Rival) -> None:
    scenario = centre(given.agents, given.part, number)
    row = {
        "part": given.part, "agents": given.agents, "centre": number, "day": replication,
        "name": scenario.scenario, "rival": str(rival), "figures": day(scenario, rival, replication),
    }  # fmt: skip
    with given.out.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def read(path: Path) -> list[dict]:  # type: ignore[type-arg]
    """What was noted."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
