"""A progress bar on a terminal's standard error; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic

from router.tell.speech import SECOND, lasting

WIDTH = 40


def bar(total: int, things: str) -> Callable[[], None]:
    """Call it once for each thing that is done."""
    done, began = 0, monotonic()

    def show() -> None:
        if sys.stderr.isatty():
            filled = WIDTH * done // total
            line = f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {things}{left()}\x1b[K"
            print(line, end="\n" if done == total else "", file=sys.stderr, flush=True)

    def left() -> str:
        """At the pace so far; unknown before the first is done."""
        if not 0 < done < total:
            return ""
        seconds = (monotonic() - began) / done * (total - done)
        return f", about {lasting(max(1, round(seconds)) * SECOND, 'en')} left"

    def one_more() -> None:
        nonlocal done
        done += 1
        show()

    show()
    return one_more
