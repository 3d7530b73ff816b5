"""The check of shapes says yes exactly when the types themselves take the value."""

from __future__ import annotations

import copy

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loader import DEMO, load
from config.shape import misfits
from config.tree import Tree

KIND = msgspec.inspect.type_info(Tree)
GOOD = msgspec.json.decode(msgspec.json.encode(load(DEMO.parent / "agency").tree))
LEAVES = (
    None, True, -1, 0, 5, 1.5, 10**30, "", "x", "Ü", "2026-02-30", "2026-02-28", "20260228", "08:00-09:00",
    [], {}, ["x"], {"x": 1}, "delete", "rename",
)  # fmt: skip


def paths(value: object) -> list[tuple[str, ...]]:
    """Where something can be changed: every key at every depth."""
    if not isinstance(value, dict):
        return []
    return [path for key, each in value.items() for path in ((key,), *((key, *rest) for rest in paths(each)))]


def changed(tree: dict, path: tuple[str, ...], change: object) -> None:
    """Put something else there, take it away, or give it another key."""
    inside = tree
    for part in path[:-1]:
        inside = inside.get(part)
        if not isinstance(inside, dict):
            return
    if change == "rename":
        inside["re named"] = inside.pop(path[-1], None)
    elif change == "delete":
        inside.pop(path[-1], None)
    else:
        inside[path[-1]] = change


def taken(tree: object) -> bool:
    """Whether the types take it."""
    try:
        msgspec.convert(tree, Tree)
    except msgspec.ValidationError:
        return False
    return True


@settings(max_examples=500)
@given(st.lists(st.tuples(st.sampled_from(paths(GOOD)), st.sampled_from(LEAVES)), max_size=3))
def test_it_agrees_with_the_types(changes):
    tree = copy.deepcopy(GOOD)
    for path, change in changes:
        changed(tree, path, copy.deepcopy(change))
    assert taken(tree) == (not list(misfits(tree, KIND)))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_number_that_is_none(number: float):
    assert list(misfits({"pools": {"main": {"offer_expiry_s": number}}}, KIND))
