"""An expression cut into words, each with its column. Pure and bounded; nothing here knows what they mean."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ivr_flows.kinds import MOST_EXPRESSION

MOST_TOKENS = 200

Sort = Literal["number", "text", "word", "sign", "end"]

_TOKEN = re.compile(
    r"""(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?(?![\w.]))
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|[-<>+*/(),\[\]])""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")


class ExpressionFault(ValueError):
    """What is wrong, at which character from 0, and its mend."""

    def __init__(self, at: int, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.at, self.what, self.mend = at, what, mend


class Token(NamedTuple):
    """One word of it."""

    sort: Sort
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """All of them, and an end. Raises ExpressionFault."""
    if len(text) > MOST_EXPRESSION:
        raise ExpressionFault(
            MOST_EXPRESSION,
            f"longer than {MOST_EXPRESSION} characters",
            "`set` parts of it as variables first",
        )
    found: list[Token] = []
    at = _blank(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionFault(at, f"`{text[at : at + 8]}` is not understood here", _mend(text[at]))
        found.append(Token(match.lastgroup, match.group(), at))  # type: ignore[arg-type]  # the groups' names
        if len(found) > MOST_TOKENS:
            raise ExpressionFault(
                at, f"more than {MOST_TOKENS} words", "`set` parts of it as variables first"
            )
        at = _blank(text, match.end())
    return [*found, Token("end", "", len(text))]


def _blank(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _mend(sign: str) -> str:
    match sign:
        case "=":
            return "compare with `==`"
        case "!":
            return "write `not`, or `!=`"
        case "&" | "|":
            return "write `and` or `or`"
        case "'" | '"':
            return "close the text with the same quote"
        case ".":
            return "names have no dots: a lookup's answers are variables of their own"
        case "{" | "}":
            return "a variable stands here by its name alone"
    return "see the expressions in docs/reference/flows.md"
