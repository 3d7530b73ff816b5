"""Types in words: one description of what a key takes, for errors and for the reference alike."""

from __future__ import annotations

import msgspec
from msgspec import inspect

UNITS = {"_s": "seconds", "_days": "days"}


def expected(kind: inspect.Type) -> str:
    """What a value of this type looks like: `a whole number from 1 to 10`."""
    match kind:
        case inspect.Metadata():
            title = (kind.extra_json_schema or {}).get("title")
            return str(title) if title else expected(kind.type)
        case inspect.UnionType():
            return " or ".join(expected(each) for each in kind.types if not _is_none(each))
        case inspect.IntType():
            return "a whole number" + _limits(kind)
        case inspect.FloatType():
            return "a number" + _limits(kind)
        case inspect.BoolType():
            return "true or false"
        case inspect.DateType():
            return "a date such as 2026-12-25"
        case inspect.LiteralType():
            return " or ".join(f"`{value}`" for value in kind.values)
        case inspect.DictType():
            return f"a map: {expected(kind.key_type)} → {expected(kind.value_type)}"
        case inspect.VarTupleType():
            return f"a list of {expected(kind.item_type)}"
        case inspect.StructType():
            return "a map of keys"
    return "text"


def about(field: inspect.Field) -> str:
    """What the key is for."""
    schema = field.type.extra_json_schema if isinstance(field.type, inspect.Metadata) else None
    return str((schema or {})["description"])


def plain(value: object) -> str:
    """A value as JSON, which is YAML too; a whole number of seconds without its `.0`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.json.encode(value).decode()


def unit(key: str) -> str:
    """The unit that a key's ending tells, or nothing."""
    return next((name for ending, name in UNITS.items() if key.endswith(ending)), "")


def bare(kind: inspect.Type) -> inspect.Type:
    """The type without its documentation, and without `or none`."""
    if isinstance(kind, inspect.Metadata):
        return bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        rest = [each for each in kind.types if not _is_none(each)]
        return bare(rest[0]) if len(rest) == 1 else kind
    return kind


def optional(kind: inspect.Type) -> bool:
    """Whether nothing may stand here."""
    inner = kind.type if isinstance(kind, inspect.Metadata) else kind
    return isinstance(inner, inspect.UnionType) and any(map(_is_none, inner.types))


def _is_none(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.NoneType)


def _limits(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.le is None or (kind.ge is None and kind.gt is None):
        return ""
    if kind.gt is not None:
        return f" above {kind.gt:g}" + f" to {kind.le:,.0f}".replace(",", " ")
    if kind.le >= 999_999_999:
        return f", {kind.ge:g} or more"
    return f" from {kind.ge:g} to {kind.le:,.0f}".replace(",", " ")
