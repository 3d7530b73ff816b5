"""Texts with places for words: `Your appointment is on {date}`. Pure; nothing is ever executed.

A place is `{name}`; `{{` and `}}` stand for the braces themselves. What fills a place is one line: it can end
no header, begin no other paragraph and turn no text around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

VALUE_MAX = 500  # characters of what fills one place
_PARTS = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,39})\}|[{}]")
# Line and paragraph separators, controls, and what makes a reader see another order than is there.
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_KEPT = "\u200c\u200d"  # joiners that Persian and Indic spelling needs


class Unfit(ValueError):
    """A text that cannot be filled; `name` is a place, never a value."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code}: {name}" if name else code)
        self.code, self.name = code, name  # missing, unknown, too_long, stray_brace


def places(text: str) -> frozenset[str]:
    """The names that the text has places for. Raises Unfit for a brace that belongs to nothing."""
    return frozenset(name for name in _names(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled. Raises Unfit."""

    def word(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if not found[1]:
            raise Unfit("stray_brace")
        if found[1] not in values:
            raise Unfit("missing", found[1])
        return one_line(values[found[1]], found[1])

    return _PARTS.sub(word, text)


def one_line(value: str, name: str = "") -> str:
    """The value without what could break out of its line. Raises Unfit."""
    if len(value) > VALUE_MAX:
        raise Unfit("too_long", name)
    seen = (sign if sign in _KEPT or unicodedata.category(sign) not in _HIDDEN else " " for sign in value)
    return " ".join("".join(seen).split())


def _names(text: str) -> Iterator[str]:
    for found in _PARTS.finditer(text):
        if found[1]:
            yield found[1]
        elif found[0] in ("{", "}"):
            raise Unfit("stray_brace")
