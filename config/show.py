"""The tree as YAML again, every key written out: what is given, what is a default.

What is printed loads to the same tree. It holds no secret, because the tree holds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, inspect
from msgspec.structs import asdict

from config.words import about, bare, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.tree import Tree

_COLUMN = 44  # comments begin here


def shown(tree: Tree) -> str:
    """YAML with one line a key; `# default` where the files say nothing or say the same."""
    return "\n".join(_keys(tree, inspect.type_info(type(tree)), 0)) + "\n"


def _keys(value: Struct, kind: inspect.Type, depth: int) -> Iterator[str]:
    struct = bare(kind)
    assert isinstance(struct, inspect.StructType)
    for field in struct.fields:
        inner = getattr(value, field.name)
        default = field.default_factory() if callable(field.default_factory) else field.default
        if depth == 0:
            yield f"\n# {about(field)}"
        yield from _entry(field.name, inner, field.type, depth, "default" if inner == default else "")


def _entry(key: str, value: object, kind: inspect.Type, depth: int, note: str = "") -> Iterator[str]:
    inner = bare(kind)
    start = "  " * depth + (key if key.isidentifier() else plain(key)) + ":"
    if isinstance(value, Struct):
        yield start
        yield from _keys(value, inner, depth + 1)
    elif isinstance(value, dict) and value and isinstance(inner, inspect.DictType):
        yield start
        for name, each in value.items():
            yield from _entry(name, each, inner.value_type, depth + 1)
    elif isinstance(value, tuple) and value and isinstance(value[0], Struct):
        yield start
        yield from ("  " * depth + f"  - {_given(each)}" for each in value)
    else:
        line = f"{start} {plain(value)}"
        yield f"{line:<{_COLUMN}}# {note}" if note else line


def _given(item: Struct) -> str:
    """An item of a list in one line, without what it leaves out."""
    return plain({key: value for key, value in asdict(item).items() if value is not None})
