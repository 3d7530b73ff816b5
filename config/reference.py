"""The reference of every key, made from the types: `docs/reference/configuration.md` is what this prints.

It reads no configuration. A test refuses a page that is not what this prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import NODEFAULT, inspect

from config.tree import Tree
from config.words import about, bare, expected, plain, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
# Configuration

This page is made from the types that check a configuration, by `python -m config.reference`.

A configuration is one YAML file, or a folder with `guichet.yaml` and any other `*.yaml` beside it. Files are
joined: each has the same top-level keys, so agents may stand in `agents.yaml` under `agents:`. A key given
twice is an error. Every error is reported at once, as `file:line:column`, with the nearest key or the values
allowed. Times are seconds, and their keys end in `_s`. No secret is a value: secrets are files or hashes.

- `guichet config show` prints every key with the value in force.
- `guichet config diff` compares the files with the policy that rules; `guichet config apply` makes them rule.
- Applied live: `pools`, `targets`, `channels`, `topics`, `languages`, `agents`. Read at start: all others.
- Shipped beside the types: `config/examples/demo`, the demonstration, and `config/examples/agency`, a
  starting point for a real site.

In paths below, `*` stands for a name that you choose, `[]` for each item of a list.
"""


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([_INTRODUCTION, *sections("", inspect.type_info(Tree))])


def sections(path: str, kind: inspect.Type, told: set[type] | None = None) -> Iterator[str]:
    """A table of keys for this type and each below it; one that is in `told` already is not told again."""
    struct = bare(kind)
    assert isinstance(struct, inspect.StructType)
    if told is not None:
        if struct.cls in told:
            return
        told.add(struct.cls)
    yield f"## `{path}`" if path else "## Top level"
    yield ""
    yield f"{(struct.cls.__doc__ or '').strip()}"
    yield ""
    yield "| Key | Takes | Unit | Default | Meaning |"
    yield "|---|---|---|---|---|"
    yield from map(_row, struct.fields)
    yield ""
    for field in struct.fields:
        here, inner = f"{path}.{field.name}".lstrip("."), bare(field.type)
        if isinstance(inner, inspect.DictType):
            here, inner = f"{here}.*", bare(inner.value_type)
        elif isinstance(inner, inspect.VarTupleType):
            here, inner = f"{here}[]", bare(inner.item_type)
        if isinstance(inner, inspect.StructType):
            yield from sections(here, inner, told)


def _row(field: inspect.Field) -> str:
    cells = (f"`{field.name}`", expected(field.type), unit(field.name), _default(field), about(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(field: inspect.Field) -> str:
    if field.required:
        return "required"
    value = field.default_factory() if callable(field.default_factory) else field.default
    if value is None or value is NODEFAULT or value in ({}, ()):
        return "none"
    if isinstance(bare(field.type), inspect.StructType | inspect.DictType):
        return "see below"
    return f"`{plain(value)}`"


if __name__ == "__main__":
    print(page(), end="")
