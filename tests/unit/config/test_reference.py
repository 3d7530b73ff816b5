"""What is documented is what is checked: one set of types makes reference, `config show` and errors."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import inspect

import config
from config.loader import DEMO, load
from config.reference import page
from config.show import shown
from config.tree import Tree
from config.words import about, bare, expected

PAGE = Path(config.__file__).parents[1] / "docs/reference/configuration.md"


def structs(kind: inspect.Type) -> list[inspect.StructType]:
    kind = bare(kind)
    if isinstance(kind, inspect.DictType):
        return structs(kind.value_type)
    if isinstance(kind, inspect.VarTupleType):
        return structs(kind.item_type)
    if not isinstance(kind, inspect.StructType):
        return []
    return [kind, *(deeper for field in kind.fields for deeper in structs(field.type))]


FIELDS = [(each.cls, field) for each in structs(inspect.type_info(Tree)) for field in each.fields]


def test_the_page_is_what_the_types_say():
    assert PAGE.read_text() == page(), "run: python -m config.reference > docs/reference/configuration.md"


@pytest.mark.parametrize(
    ("owner", "field"), FIELDS, ids=[f"{owner.__name__}.{f.name}" for owner, f in FIELDS]
)
def test_every_key_is_described_and_says_what_it_takes(owner: type, field: inspect.Field):
    assert about(field).endswith(".")
    assert expected(field.type)
    number = bare(field.type)
    if isinstance(number, inspect.IntType | inspect.FloatType):
        assert None not in (number.ge, number.le), "every number has bounds: they keep nan and inf out too"
    timed = field.name.endswith(("_s", "_days"))
    assert timed or not isinstance(number, inspect.FloatType), "a duration tells its unit in its key"
    assert not timed or isinstance(number, inspect.IntType | inspect.FloatType)


@pytest.mark.parametrize("name", ["demo", "agency"])
def test_what_show_prints_loads_to_the_same_tree(tmp_path, name: str):
    tree = load(DEMO.parent / name).tree
    (tmp_path / "shown.yaml").write_text(shown(tree))
    assert load(tmp_path / "shown.yaml").tree == tree


def test_show_marks_what_is_a_default_and_writes_every_key():
    text = shown(msgspec.convert({"http": {"port": 81}}, Tree))
    assert "  port: 81\n" in text
    assert [line.split() for line in text.splitlines() if line.startswith("  host")] == [
        ["host:", '"127.0.0.1"', "#", "default"]
    ]
    for field in inspect.type_info(Tree).fields:
        assert f"\n{field.name}:" in text
