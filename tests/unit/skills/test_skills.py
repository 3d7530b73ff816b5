"""Levels against needs, by hand: who is eligible, what is missing, how well it fits."""

from __future__ import annotations

import pytest

from skills.eligibility import eligible, meets, missing
from skills.fit import FIT_BOUND, fit, fit_to


@pytest.mark.parametrize(
    ("levels", "minimums", "serves"),
    [
        ({}, {}, True),
        ({}, {"a": 1}, False),
        ({"a": 2}, {"a": 3}, False),
        ({"a": 3}, {"a": 3}, True),
        ({"a": 4}, {"a": 3}, True),
        ({"a": 9}, {"a": 3, "b": 1}, False),
        ({"a": 3, "b": 1}, {"a": 3, "b": 1}, True),
    ],
)
def test_every_skill_at_its_minimum(levels: dict[str, int], minimums: dict[str, int], serves: bool):
    assert meets(levels, minimums) is serves
    assert eligible(levels, (minimums,)) is serves
    assert (missing(levels, (minimums,)) == {}) is serves


def test_any_one_of_the_alternatives():
    assert eligible({"b": 5}, ({"a": 1}, {"b": 5}))
    assert not eligible({"b": 5}, ({"a": 1}, {"b": 6}))


def test_what_is_missing_is_of_the_nearest_alternative():
    assert missing({"a": 2, "b": 1}, ({"a": 3, "b": 1},)) == {"a": 3}
    assert missing({}, ({"a": 1, "b": 1}, {"c": 9})) == {"c": 9}
    assert missing({}, ({"b": 1}, {"a": 2})) == {"a": 2}
    assert missing({"a": 2}, ({"a": 2, "b": 4},)) == {"b": 4}


@pytest.mark.parametrize(
    ("levels", "needs", "worth"),
    [
        ({}, ({},), 0),
        ({"a": 7}, ({},), -7),
        ({"a": 7}, ({"a": 3},), 7),
        ({"a": 3}, ({"a": 3},), 3),
        ({"a": 2}, ({"a": 3},), -FIT_BOUND),
        ({"a": 7}, ({"a": 3, "b": 1},), -FIT_BOUND),
        ({"a": 7, "b": 4}, ({"a": 3},), 3),
        ({"a": 7, "b": 4}, ({"a": 3, "b": 4},), 11),
        ({"a": 7, "b": 3}, ({"a": 3, "b": 4},), -FIT_BOUND),
        ({"a": 7, "b": 4}, ({"a": 3}, {"b": 1}), 3),
        ({"a": 4, "b": 7}, ({"a": 3}, {"b": 1}), 3),
        ({f"s{n}": 10 for n in range(200)}, ({},), -FIT_BOUND),
        ({f"s{n}": 10 for n in range(200)}, ({f"s{n}": 1 for n in range(200)},), FIT_BOUND),
        ({f"s{n}": 10 for n in range(99)}, ({f"s{n}": 1 for n in range(99)},), 990),
    ],
)
def test_twice_what_is_asked_less_all_that_is_held(levels, needs, worth: int):
    assert fit(levels, needs) == worth
    assert FIT_BOUND == 1000


@pytest.mark.parametrize(
    ("levels", "skills"),
    [
        ({"a": 7}, ()),
        ({"a": 7}, ("a",)),
        ({"a": 7, "b": 4}, ("a",)),
        ({"a": 7, "b": 4}, ("a", "b")),
        ({f"s{n}": 10 for n in range(200)}, ()),
        ({f"s{n}": 10 for n in range(200)}, tuple(f"s{n}" for n in range(200))),
    ],
)
def test_where_it_is_met_the_sum_of_levels_is_enough(levels, skills):
    assert fit_to(levels, skills, sum(levels.values())) == fit(levels, ({skill: 1 for skill in skills},))
