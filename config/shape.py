"""Checks plain values against the types of the tree: all that is wrong, not the first thing only."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import inspect

from config.fault import nearest
from config.words import bare, expected, optional, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.fault import Path
    from config.source import Plain


class Misfit(NamedTuple):
    """A value, or with `on_key` a key, that does not fit."""

    path: Path
    message: str
    on_key: bool = False


def misfits(value: Plain, kind: inspect.Type, path: Path = ()) -> Iterator[Misfit]:
    """Everything in `value` that does not fit `kind`."""
    inner = bare(kind)
    if value is None and optional(kind):
        return
    match inner, value:
        case ((inspect.DictType() | inspect.VarTupleType()), (dict() | list())) if _miscounted(inner, value):
            yield Misfit(path, f"`{_named(path)}` takes {_count(inner)}, not {len(value)}")
        case inspect.StructType(), dict():
            yield from _in_struct(value, inner, path)
        case inspect.DictType(), dict():
            for key, each in value.items():
                yield from _in_key(key, inner.key_type, (*path, key))
                yield from misfits(each, inner.value_type, (*path, key))
        case inspect.VarTupleType(), list():
            for index, each in enumerate(value):
                yield from misfits(each, inner.item_type, (*path, index))
        case ((inspect.StructType() | inspect.DictType() | inspect.VarTupleType()), _):
            yield Misfit(path, _sentence(value, kind, path))
        case _ if not _fits(value, kind):
            yield Misfit(path, _sentence(value, kind, path))


def _miscounted(kind: inspect.DictType | inspect.VarTupleType, value: dict[str, Plain] | list[Plain]) -> bool:
    if isinstance(kind, inspect.DictType) != isinstance(value, dict):
        return False
    return not (kind.min_length or 0) <= len(value) <= (kind.max_length or sys.maxsize)


def _count(kind: inspect.DictType | inspect.VarTupleType) -> str:
    if kind.max_length is None:
        return f"{kind.min_length} or more"
    return f"at most {kind.max_length}" if not kind.min_length else f"{kind.min_length} to {kind.max_length}"


def _named(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "the file")


def _in_struct(value: dict[str, Plain], kind: inspect.StructType, path: Path) -> Iterator[Misfit]:
    fields = {field.name: field for field in kind.fields}
    for key, each in value.items():
        if key in fields:
            yield from misfits(each, fields[key].type, (*path, key))
        else:
            yield Misfit((*path, key), f"unknown key `{key}`: {_near_key(key, fields)}", on_key=True)
    for name, field in fields.items():
        if field.required and name not in value:
            yield Misfit((*path, name), f"the key `{name}` is missing: {expected(field.type)}", on_key=True)


def _in_key(key: str, kind: inspect.Type, path: Path) -> Iterator[Misfit]:
    inner = bare(kind)
    if isinstance(inner, inspect.LiteralType) and key not in inner.values:
        yield Misfit(path, f"unknown key `{key}`: {nearest(key, map(str, inner.values))}", on_key=True)
    elif not _fits(key, kind):
        yield Misfit(path, f"`{_cut(key)}` cannot be a key here: expected {expected(kind)}", on_key=True)


def _near_key(key: str, fields: dict[str, Any]) -> str:
    for name in fields:
        if unit(name) and name.rpartition("_")[0] == key:
            return f"did you mean `{name}`, in {unit(name)}?"
    return nearest(key, fields)


def _fits(value: Plain, kind: inspect.Type) -> bool:
    match kind, value:
        case inspect.Metadata(), _:
            return _fits(value, kind.type)
        case inspect.UnionType(), _:
            return any(_fits(value, each) for each in kind.types)
        case inspect.NoneType(), _:
            return value is None
        case inspect.BoolType(), _:
            return isinstance(value, bool)
        case inspect.LiteralType(), str():
            return value in kind.values
        case inspect.DateType(), str():
            return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None and _is_date(value)
        case inspect.StrType(), str():
            long_enough = (kind.min_length or 0) <= len(value) <= (kind.max_length or sys.maxsize)
            return long_enough and (kind.pattern is None or re.search(kind.pattern, value) is not None)
        case inspect.VarTupleType(), list():
            fills = (kind.min_length or 0) <= len(value) <= (kind.max_length or sys.maxsize)
            return fills and all(_fits(each, kind.item_type) for each in value)
        case (inspect.IntType(), bool()) | (inspect.FloatType(), bool()):
            return False
        case inspect.IntType(), int():
            return _within(value, kind)
        case inspect.FloatType(), int() | float():
            return _within(value, kind)
    return False


def _within(value: float, kind: inspect.IntType | inspect.FloatType) -> bool:
    over = (kind.ge is None or value >= kind.ge) and (kind.gt is None or value > kind.gt)
    return over and (kind.le is None or value <= kind.le)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _sentence(value: Plain, kind: inspect.Type, path: Path) -> str:
    inner = bare(kind)
    wanted = expected(kind)
    named = _named(path)
    subject = f"an item of `{named}`" if path and isinstance(path[-1], int) else f"`{named}`"
    if isinstance(inner, inspect.LiteralType) and isinstance(value, str):
        return f"`{named}` cannot be `{_cut(value)}`: {nearest(value, map(str, inner.values))}"
    if unit(named) and isinstance(inner, inspect.FloatType | inspect.IntType):
        wanted += f", in {unit(named)}"
    if isinstance(inner, inspect.StrType) and isinstance(value, int | float):
        wanted += " (put it in quotes)"
    return f"{subject} takes {wanted}{_instead(value, kind)}"


def _instead(value: Plain, kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata) and (kind.extra or {}).get("quiet"):
        return ""
    match value:
        case None:
            return ", not nothing"
        case dict():
            return ", not a map"
        case list():
            return ", not a list"
        case bool():
            return f", not {str(value).lower()}"
        case str():
            return f", not `{_cut(value)}`"
    return f", not {value}"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
