"""The language of `when` and `set`: small, total, bounded. It is parsed to data, typed by `typing_of`, and
evaluated by `value_of`; there is no call to Python, no attribute, no loop.

    age >= 60 and not verified        status in ['open', 'sent']        years(born, today) < 18
    known(number)                     children * 2 + 1                  'Dossier ' + number

Whatever has no answer (a variable that is not set, a division by zero, a number beyond 10^15) is nothing:
nothing compares with nothing else, and a condition that is nothing does not hold.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from config.fault import nearest
from ivr_flows.functions import FUNCTIONS
from ivr_flows.kinds import Value
from ivr_flows.lexer import ExpressionFault, Token, tokens

DEPTH = 32
WORDS = ("and", "or", "not", "in", "true", "false", "nothing")

_POWER = {
    "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_NOT, _MINUS = 3, 7


class Literal(Struct, frozen=True):
    """A value as it is written."""

    value: Value
    at: int = 0


class Name(Struct, frozen=True):
    """A variable."""

    name: str
    at: int = 0


class Unary(Struct, frozen=True):
    """`not x` or `-x`."""

    sign: str
    inner: Expression
    at: int = 0


class Binary(Struct, frozen=True):
    """Two sides and what is between."""

    sign: str
    left: Expression
    right: Expression
    at: int = 0


class Among(Struct, frozen=True):
    """`x in [a, b]`."""

    left: Expression
    items: tuple[Expression, ...]
    at: int = 0


class Call(Struct, frozen=True):
    """One of the few functions."""

    name: str
    given: tuple[Expression, ...]
    at: int = 0


Expression: TypeAlias = Literal | Name | Unary | Binary | Among | Call


@lru_cache(8192)
def parse(text: Value) -> Expression:
    """The expression as data. Raises ExpressionFault."""
    if not isinstance(text, str):
        return Literal(text)
    reader = _Reader(tokens(text))
    found = reader.expression(0, 0)
    if reader.now.sort != "end":
        raise ExpressionFault(
            reader.now.at, f"`{reader.now.text}` follows what is complete", "put `and` or `or` between"
        )
    return found


class _Reader:
    """Precedence climbing over the tokens."""

    def __init__(self, words: list[Token]) -> None:
        self._words, self._at = words, 0

    @property
    def now(self) -> Token:
        return self._words[self._at]

    def expression(self, least: int, depth: int) -> Expression:
        if depth > DEPTH:
            raise ExpressionFault(
                self.now.at, f"nested more than {DEPTH} deep", "`set` parts of it as variables first"
            )
        left = self._first(depth)
        while (power := _POWER.get(self.now.text, 0)) > least and self.now.sort in ("sign", "word"):
            token = self._next()
            if token.text == "in":
                left = Among(left, self._list(depth), token.at)
            else:
                left = Binary(token.text, left, self.expression(power, depth + 1), token.at)
            if power == 4 and _POWER.get(self.now.text) == 4:
                raise ExpressionFault(self.now.at, "comparisons do not chain", "write `a < b and b < c`")
        return left

    def _first(self, depth: int) -> Expression:
        token = self._next()
        match token.sort, token.text:
            case "number", text:
                return Literal(float(text) if "." in text else int(text), token.at)
            case "text", text:
                return Literal(text[1:-1], token.at)
            case "word", "true" | "false":
                return Literal(token.text == "true", token.at)
            case "word", "nothing":
                return Literal(None, token.at)
            case "word", "not":
                return Unary("not", self.expression(_NOT, depth + 1), token.at)
            case "sign", "-":
                return Unary("-", self.expression(_MINUS, depth + 1), token.at)
            case "sign", "(":
                inner = self.expression(0, depth + 1)
                self._expect(")")
                return inner
            case "word", name if name not in WORDS:
                return self._call(token, depth) if self.now.text == "(" else Name(name, token.at)
        what = f"`{token.text}` stands where a value belongs" if token.text else "it ends too soon"
        raise ExpressionFault(token.at, what, "write a variable, a number, or a text in quotes")

    def _call(self, name: Token, depth: int) -> Expression:
        if name.text not in FUNCTIONS:
            raise ExpressionFault(name.at, f"no function `{name.text}`", nearest(name.text, FUNCTIONS))
        self._expect("(")
        given = self._items(")", depth)
        wanted = len(FUNCTIONS[name.text].takes)
        if len(given) != wanted:
            raise ExpressionFault(
                name.at, f"`{name.text}` has {len(given)} values in it", f"it takes {wanted}"
            )
        return Call(name.text, given, name.at)

    def _list(self, depth: int) -> tuple[Expression, ...]:
        self._expect("[")
        return self._items("]", depth)

    def _items(self, end: str, depth: int) -> tuple[Expression, ...]:
        items: list[Expression] = []
        while self.now.text != end:
            items.append(self.expression(0, depth + 1))
            if self.now.text != end:
                self._expect(",")
        self._expect(end)
        return tuple(items)

    def _expect(self, sign: str) -> None:
        token = self._next()
        if token.text != sign or token.sort != "sign":
            what = f"`{token.text}` stands" if token.text else "it ends"
            raise ExpressionFault(token.at, f"{what} where `{sign}` belongs", f"write `{sign}`")

    def _next(self) -> Token:
        token = self.now
        self._at = min(self._at + 1, len(self._words) - 1)
        return token
