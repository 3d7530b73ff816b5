"""`python -m bench.mutants --minutes 2.5`: tries mutants until the time is over, and goes on there next time.

What was found of a file is forgotten when the file changes. `--page` writes docs/mutants.md from what is
known.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.mutants.found import Found, page
from bench.mutants.sites import Site, mutant, sites
from bench.mutants.trial import CITIZENS, LAST, STAGES, prepare, trial

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "skills/eligibility.py",
    "skills/fit.py",
    "skills/speed.py",
    "router/core/score.py",
    "router/core/ladder.py",
    "router/core/rest.py",
    "router/core/credit.py",
    "router/core/room.py",
    "router/core/may.py",
    "router/core/best.py",
    "router/core/matching.py",
    "router/core/kept.py",
    "router/core/reserve.py",
    "router/core/roster.py",
    "router/core/able.py",
    "router/core/line.py",
    "router/core/lines.py",
    "router/core/needs.py",
    "router/core/pace.py",
    "router/core/direct.py",
    "router/core/groups.py",
    "router/core/policy.py",
    "citizens/linking.py",
    "citizens/links.py",
    "citizens/joining.py",
    "citizens/record.py",
)


def main() -> int:
    """0 when every mutant of the files asked for was tried."""
    options = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=2.5, help="stop after so long (2.5)")
    options.add_argument("--file", action="append", help="only this file; may be given again")
    options.add_argument("--survivors", action="store_true", help="try those anew that survived, longer")
    options.add_argument(
        "--first", action="store_true", help="the quickest tests alone: whoever survives them is not noted"
    )
    options.add_argument("--known", type=Path, default=ROOT / "var" / "mutants.jsonl", help="what is known")
    options.add_argument("--page", action="store_true", help="write docs/mutants.md and end")
    chosen = options.parse_args()
    files = [file for file in chosen.file or FILES if (ROOT / file).exists()]
    texts = {file: (ROOT / file).read_text() for file in files}
    found = Found(chosen.known, texts)
    all_of_them = [site for file in files for site in sites(file, texts[file])]
    if chosen.page:
        (ROOT / "docs" / "mutants.md").write_text(page(found, all_of_them))
        return 0
    if chosen.survivors:
        found.forget_survivors()
    left = [site for site in all_of_them if not found.knows(site)]
    core = STAGES[:1] if chosen.first else [*STAGES, LAST] if chosen.survivors else STAGES
    until = time.monotonic() + 60 * chosen.minutes
    for stages, here in (
        (core, [site for site in left if not site.file.startswith("citizens/")]),
        (CITIZENS, [site for site in left if site.file.startswith("citizens/")]),
    ):
        if code := try_all(here, texts, found, until, stages, chosen.first):
            return code
    print("all were tried")
    return 0


def try_all(
    left: list[Site],
    texts: dict[str, str],
    found: Found,
    until: float,
    stages: Sequence[Sequence[str]],
    kills_alone: bool,
) -> int:
    """As many as the time allows; a line for each survivor."""
    prepare()
    red: list[str] = []
    while left and (wrong := trial("", None, red, stages)):
        print(f"left out, for it fails without any mutant: {wrong}", file=sys.stderr)
        if wrong in red or len(red) > 4:
            return 2
        red.append(wrong)
    for done, site in enumerate(left):
        if time.monotonic() > until:
            print(f"\n{len(left) - done} mutants are left")
            return 1
        killer = trial(site.file, mutant(site.file, texts[site.file], site.number), red, stages)
        if killer or not kills_alone:
            found.note(site, killer)
        if not killer:
            print(f"\rsurvives: {site}")
        if sys.stderr.isatty():
            print(f"\r{done + 1} of {len(left)}  {site.file:30}", end="", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
