"""Attained over promised: what is counted, what is short, and what is too little to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.promise import ENOUGH, Kept, Window, short, spread


def test_just_what_was_promised_is_one() -> None:
    assert Kept(100, 80).over_promised == pytest.approx(1)
    assert Kept(100, 40).over_promised == pytest.approx(0.5)
    assert Kept(0, 0).over_promised is None


def test_the_spread_and_who_is_short_leave_out_who_is_too_few() -> None:
    classes = {"a": Kept(100, 80), "b": Kept(100, 20), "c": Kept(100, 60), "few": Kept(ENOUGH - 1, 0)}
    assert spread(classes) == pytest.approx(0.75)
    assert short(classes) == ["b", "c"]
    assert spread({"a": Kept(100, 80), "few": Kept(ENOUGH - 1, 0)}) is None
    assert short({"all": Kept(ENOUGH, 0)}) == ["all"]


def test_an_hour_is_remembered_and_no_more() -> None:
    window = Window(lasts=3600, slices=12)
    window.decided(("phone", "fr"), True, at=0)
    window.decided(("phone",), False, at=1800)
    assert window.counts(3500) == {"phone": Kept(2, 1), "fr": Kept(1, 1)}
    assert window.counts(3600) == {"phone": Kept(1, 0)}
    assert window.counts(7200) == {}


@given(st.lists(st.tuples(st.floats(0, 20_000), st.booleans()), max_size=200))
def test_what_is_remembered_is_what_was_decided_lately(told: list[tuple[float, bool]]) -> None:
    window, told = Window(), sorted(told)
    for at, kept in told:
        window.decided(("x",), kept, at)
    now = told[-1][0] if told else 0
    lately = [kept for at, kept in told if at // 300 > (now - 3600) // 300]
    assert window.counts(now).get("x", Kept(0, 0)) == (len(lately), sum(lately))
