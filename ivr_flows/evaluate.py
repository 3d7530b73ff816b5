"""An expression's value. Total: it never raises, and its time is bounded by the expression's length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ivr_flows.expression import Among, Binary, Call, Expression, Literal, Name, Unary
from ivr_flows.functions import FUNCTIONS, MOST_LENGTH, within
from ivr_flows.kinds import Value


def value_of(expression: Expression, variables: Mapping[str, Any]) -> Value:
    """What it comes to; nothing (None) where it has no answer."""
    match expression:
        case Literal(value=value):
            return value
        case Name(name=name):
            value = variables.get(name)
            return value if isinstance(value, str | int | float) else None
        case Unary(sign="not", inner=inner):
            return not holds(inner, variables)
        case Unary(inner=inner):
            number = _number(value_of(inner, variables))
            return None if number is None else -number
        case Binary(sign="and", left=left, right=right):
            return holds(left, variables) and holds(right, variables)
        case Binary(sign="or", left=left, right=right):
            return holds(left, variables) or holds(right, variables)
        case Binary(sign=sign, left=left, right=right):
            return _binary(sign, value_of(left, variables), value_of(right, variables))
        case Among(left=left, items=items):
            value = value_of(left, variables)
            return any(_equal(value, value_of(item, variables)) for item in items)
        case Call(name=name, given=given):
            return FUNCTIONS[name].does(*(value_of(each, variables) for each in given))


def holds(expression: Expression, variables: Mapping[str, Any]) -> bool:
    """Whether it is true, and nothing else."""
    return value_of(expression, variables) is True


def _binary(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "==":
            return _equal(left, right)
        case "!=":
            return not _equal(left, right)
        case "<" | "<=" | ">" | ">=":
            return _compared(sign, left, right)
        case "+" if isinstance(left, str) and isinstance(right, str):
            return (left + right)[:MOST_LENGTH]
    return _reckoned(sign, _number(left), _number(right))


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _compared(sign: str, left: Value, right: Value) -> bool:
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        less, same = one < other, one == other
    elif isinstance(left, str) and isinstance(right, str):
        less, same = left < right, left == right
    else:
        return False
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]


def _reckoned(sign: str, left: float | None, right: float | None) -> Value:
    if left is None or right is None:
        return None
    match sign:
        case "+":
            return within(left + right)
        case "-":
            return within(left - right)
        case "*":
            return within(left * right)
    if right == 0:
        return None
    whole = left // right
    return within(whole if whole * right == left else left / right)


def _number(value: Value) -> float | None:
    return None if isinstance(value, bool | str) or value is None else value
