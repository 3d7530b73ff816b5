"""Numbers on a benchmark's command line: what is out of bounds is told, before anything is lived."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable


def whole(least: int) -> Callable[[str], int]:
    """A whole number from `least` on."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text} is no whole number from {least} on")
        return int(text)

    return number


def span(text: str) -> range:
    """`3` or `0-7`, both ends meant."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()) or int(last or first) < int(first):
        raise ArgumentTypeError(f"{text}: write 3, or 0-7")
    return range(int(first), int(last or first) + 1)
