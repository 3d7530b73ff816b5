"""What was written now, apart from what was quoted below it. Nothing is dropped: the rest is folded away."""

from __future__ import annotations

import re

# The line with which programs introduce what they quote, in the languages met most. Short lines only: no
# pattern here can run long on a line of a million characters.
INTRODUCES = re.compile(
    r"\s*(-{2,} ?(original message|message d'origine|message transf\w+|forwarded message"
    r"|ursprüngliche nachricht|mensaje original|messaggio originale) ?-{2,}"
    r"|(on|le|am|el|il|op) .{4,200}(wrote|a écrit|schrieb|escribió|ha scritto|schreef) ?:"
    r"|(from|de|von) ?: .{3,200}@.{3,200}"
    r"|_{20,}"
    r"|كتب .{3,200}:"
    r")\s*",
    re.IGNORECASE,
)
LINE_MAX = 500


def folded(text: str) -> tuple[str, str]:
    """What was written, and what was quoted. Quotes between the lines of an answer stay where they are."""
    lines = text.split("\n")
    cut = next(
        (at for at, each in enumerate(lines) if len(each) <= LINE_MAX and INTRODUCES.fullmatch(each)), None
    )
    if cut is None or not any(each.strip() for each in lines[:cut]):
        cut = _tail(lines)
    written, quoted = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (written, quoted) if written else (text.strip(), "")


def _tail(lines: list[str]) -> int:
    """Where the quotation at the end begins: `>` and empty lines only from there on."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith(">")):
        at -= 1
    return at
