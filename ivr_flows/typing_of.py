"""Of which kind an expression is, found before anybody calls: a comparison that can never hold is a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.fault import nearest
from ivr_flows.expression import Among, Binary, Call, Expression, Literal, Name, Unary
from ivr_flows.functions import FUNCTIONS
from ivr_flows.lexer import ExpressionFault

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_WORDS = {
    "text": "a text",
    "number": "a number",
    "bool": "true or false",
    "date": "a date",
    "any": "anything",
}


def kind_of(expression: Expression, kinds: Mapping[str, str]) -> str:
    """`text`, `number`, `bool`, `date`, or `any` for nothing. Raises ExpressionFault."""
    match expression:
        case Literal(value=value):
            return _literal(value)
        case Name(name=name, at=at):
            if name not in kinds:
                raise ExpressionFault(
                    at, f"no variable `{name}`", f"{nearest(name, kinds)} (a text needs quotes: '{name}')"
                )
            return kinds[name]
        case Unary(sign=sign, inner=inner, at=at):
            wanted = "bool" if sign == "not" else "number"
            return _want(wanted, kind_of(inner, kinds), inner, at, sign)
        case Binary(sign=sign, left=left, right=right, at=at):
            return _binary(sign, (left, kind_of(left, kinds)), (right, kind_of(right, kinds)), at)
        case Among(left=left, items=items, at=at):
            first = (left, kind_of(left, kinds))
            for item in items:
                _same("in", first, (item, kind_of(item, kinds)), at)
            return "bool"
        case Call(name=name, given=given, at=at):
            for wanted, each in zip(FUNCTIONS[name].takes, given, strict=True):
                _want(wanted, kind_of(each, kinds), each, at, name)
            return FUNCTIONS[name].gives


# Each part is typed once: asking again at each level would take 2^depth.
_Typed = tuple[Expression, str]


def _binary(sign: str, left: _Typed, right: _Typed, at: int) -> str:
    if sign in ("==", "!=", "<", "<=", ">", ">="):
        _same(sign, left, right, at)
        return "bool"
    if sign == "+" and left[1] == right[1] == "text":
        return "text"
    wanted = "bool" if sign in ("and", "or") else "number"
    for inner, found in (left, right):
        _want(wanted, found, inner, at, sign)
    return wanted


def _literal(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "text"
    return "any"


def _want(wanted: str, found: str, inner: Expression, at: int, sign: str) -> str:
    if not _fits(wanted, found, inner):
        mend = "compare it, as in `x == 1`" if wanted == "bool" else "use number(…) or text(…)"
        raise ExpressionFault(at, f"`{sign}` takes {_WORDS[wanted]}, not {_WORDS[found]}", mend)
    return wanted


def _same(sign: str, left: _Typed, right: _Typed, at: int) -> None:
    if _fits(left[1], right[1], right[0]) or _fits(right[1], left[1], left[0]):
        return
    raise ExpressionFault(
        at,
        f"`{sign}` compares {_WORDS[left[1]]} with {_WORDS[right[1]]}",
        "use number(…) or text(…) on one side",
    )


def _fits(wanted: str, found: str, inner: Expression) -> bool:
    if "any" in (wanted, found) or wanted == found:
        return True
    is_date = isinstance(inner, Literal) and isinstance(inner.value, str) and _DATE.match(inner.value)
    return wanted == "date" and found == "text" and bool(is_date)
