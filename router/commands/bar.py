"""A progress bar on a terminal's standard error; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable


def bar(total: int, things: str) -> Callable[[], None]:
    """Call it once for each thing that is done."""
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            filled = 40 * done // total
            line = f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{total} {things}"
            print(line, end="\n" if done == total else "", file=sys.stderr, flush=True)

    if sys.stderr.isatty():
        print(f"\r[{'.' * 40}] 0/{total} {things}", end="", file=sys.stderr, flush=True)
    return one_more
