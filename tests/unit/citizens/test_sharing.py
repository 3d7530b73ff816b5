"""What one agency may tell another, and facts beside each other: tables, tried in every combination."""

from __future__ import annotations

import itertools

import pytest

from citizens.sharing import SHARED, Agencies, Agency, pool_of
from citizens.stated import DAY, Fact, judge, usable

NOW = 1_800_000_000_000_000
TABLE = Agencies(
    {
        "a": Agency("a", "A", ("t",), "pa", {"b": frozenset(("address",))}),
        "b": Agency("b", "B", (), "pb"),
        "c": Agency("c", "C"),
    }
)


@pytest.mark.parametrize(("owner", "to", "agreed"), list(itertools.product("abcx", "abcx", (True, False))))
def test_only_what_stands_in_the_table_and_only_with_a_yes(owner: str, to: str, agreed: bool) -> None:
    expected = frozenset[str]()
    if owner == to and owner != "x":
        expected = frozenset(SHARED)
    elif (owner, to, agreed) == ("a", "b", True):
        expected = frozenset(("address",))
    assert TABLE.told(owner, to, agreed=agreed) == expected


def test_whose_topic_and_whose_pool() -> None:
    assert TABLE.competent("t") is TABLE.by_id["a"]
    assert TABLE.competent("u") is None
    assert TABLE.of_pool("pb") is TABLE.by_id["b"]
    assert TABLE.of_pool("") is None, "c has no pool of its own"
    assert (pool_of(["x", "pool:pa"]), pool_of(["x"]), pool_of(["pool:a", "pool:b"])) == ("pa", "", "")


def fact(source: str, at: int = NOW, **values: object) -> Fact:
    return Fact("address", values, at, source)  # type: ignore[arg-type]


def test_what_differs_in_writing_alone_is_no_contradiction() -> None:
    one, two = judge((fact("a", city="Lyon ", n=3), fact("b", city="LYON", n="3", street="x")), NOW, {})
    assert (one.against, two.against) == ((), ())


def test_what_differs_is_named_on_both_sides() -> None:
    one, two, three = judge((fact("a", city="Lyon"), fact("b", city="Nice"), fact("c", zip="1")), NOW, {})
    assert (one.against, one.about, two.against, three.against) == (("b",), ("city",), ("a",), ())


@pytest.mark.parametrize(
    ("at", "stale", "misdated"),
    [
        (NOW - 30 * DAY, False, False),
        (NOW - 30 * DAY - 1, True, False),
        (NOW + DAY, False, False),
        (NOW + DAY + 1, False, True),
        (0, True, False),
    ],
)
def test_age(at: int, stale: bool, misdated: bool) -> None:
    (judged,) = judge((fact("a", at, x=1),), NOW, {"a": 30})
    assert (judged.stale, judged.misdated) == (stale, misdated)
    assert judged.age_days >= 0


def test_a_source_says_for_what_it_may_be_used_and_a_repr_shows_nothing() -> None:
    assert usable(fact("a"), "serve")
    assert not usable(Fact("address", {}, NOW, "a", ("audit",)), "serve")
    assert "Lyon" not in repr(fact("a", city="Lyon"))
