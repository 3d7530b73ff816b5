"""What is wrong with a configuration, and where: faults stop, warnings do not.

A fault's words tell the mend. They never repeat a value that may be a secret.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]  # from the top of the tree: ("channels", "phone", "target")


class Place(NamedTuple):
    """A point in a file; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Fault(NamedTuple):
    """One thing that is wrong. A warning is something odd that may be meant."""

    place: Place
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {'warning' if self.warning else 'error'}: {self.message}"


class Faults(Exception):
    """Every fault of a configuration at once; its text is one line for each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


def dotted(path: Path) -> str:
    """The path as people write it: `http.tokens[2].role`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the file"


def nearest(word: str, known: Iterable[str]) -> str:
    """The mend for a word that is not known: the nearest one, else all of them."""
    words = [str(each) for each in known]
    close = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not words:
        return "none is defined"
    more = f" and {len(words) - 12} more" if len(words) > 12 else ""
    return "known: " + ", ".join(words[:12]) + more
