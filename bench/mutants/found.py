"""What is known of mutants, kept between runs, and the page that tells it."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

from bench.mutants.reasons import REASONS
from bench.mutants.sites import Site


class Found:
    """Mutant -> the test that found it out, or an empty string. One line of JSON each."""

    def __init__(self, path: Path, texts: dict[str, str]) -> None:
        self._path = path
        self._marks = {
            file: blake2b(text.encode(), digest_size=8).hexdigest() for file, text in texts.items()
        }
        self._known: dict[tuple[str, int], str] = {}
        if path.exists():
            for line in path.read_text().splitlines():
                kept = json.loads(line)
                if self._marks.get(kept["file"]) == kept["mark"]:
                    self._known[kept["file"], kept["number"]] = kept["killer"]

    def knows(self, site: Site) -> bool:
        return (site.file, site.number) in self._known

    def killer(self, site: Site) -> str | None:
        """None: not tried yet."""
        return self._known.get((site.file, site.number))

    def forget_survivors(self) -> None:
        self._known = {key: killer for key, killer in self._known.items() if killer}

    def note(self, site: Site, killer: str) -> None:
        self._known[site.file, site.number] = killer
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as kept:
            record = {
                "file": site.file,
                "mark": self._marks[site.file],
                "number": site.number,
                "killer": killer,
            }
            kept.write(json.dumps(record) + "\n")


HEAD = """\
# Mutants of the scoring and matching

Each comparison, number and operation of the files below was made wrong, one at a time
(`<` becomes `<=`, a number one more, `and` becomes `or`, …), by `python -m bench.mutants`; then the
tests of the core were run until one failed. A mutant that none of them finds survives.
This page is made by `python -m bench.mutants --page`.

"""


def page(found: Found, sites: list[Site]) -> str:
    """docs/mutants.md."""
    tried = [site for site in sites if found.knows(site)]
    lived = [site for site in tried if not found.killer(site)]
    rows = ["| file | mutants | found | survive |", "|---|---|---|---|"]
    for file in dict.fromkeys(site.file for site in sites):
        here = [site for site in tried if site.file == file]
        alive = sum(site.file == file for site in lived)
        rows.append(f"| `{file}` | {len(here)} | {len(here) - alive} | {alive} |")
    share = 100 * (len(tried) - len(lived)) / max(len(tried), 1)
    rows.append(f"| all | {len(tried)} | {len(tried) - len(lived)} ({share:.1f} %) | {len(lived)} |")
    untried = len(sites) - len(tried)
    told = [f"\n{untried} of {len(sites)} were not tried yet.\n"] if untried else []
    told += ["\n## Survivors, and why\n"]
    told += [f"- {site}{f' in `{site.function}`' if site.function else ''}: {_why(site)}" for site in lived]
    return HEAD + "\n".join([*rows, *told]) + "\n"


def _why(site: Site) -> str:
    return REASONS.get((site.file, site.before, site.after), "no test found it yet")
