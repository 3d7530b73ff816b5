"""Targets on a ladder: usual ones are themselves, others near; a thousand targets are few lines."""

from __future__ import annotations

import pytest

from router.core import events as e
from router.core.ladder import RUNGS, rung
from router.core.policy import SECOND
from router.core.score import wait_points
from router.core.state import State
from router.core.step import step


@pytest.mark.parametrize(
    "seconds",
    [1, 10, 12, 15, 18, 20, 24, 30, 36, 45, 60, 72, 90, 120, 240, 180, 300, 600, 900, 1800, 3600, 7200],
)
def test_usual_targets_are_themselves(seconds: int) -> None:
    assert rung(seconds * SECOND) == seconds * SECOND


@pytest.mark.parametrize(
    ("seconds", "nearest"), [(0, 1), (0.5, 1), (13.4, 12), (13.5, 15), (50, 45), (55, 60)]
)
def test_others_are_the_nearest_rung_by_ratio(seconds: float, nearest: int) -> None:
    assert rung(int(seconds * SECOND)) == nearest * SECOND


def test_no_target_is_far_off_and_rungs_stay() -> None:
    for target in range(SECOND, 1_000 * SECOND, 777_777):
        assert 0.86 < target / rung(target) < 1.16
    assert all(rung(each) == each for each in RUNGS)
    assert rung(10**9 * SECOND) == RUNGS[-1]


def test_a_thousand_targets_are_few_lines_and_urgency_goes_by_rungs() -> None:
    state = State()
    for number in range(1_000):
        target = 20 * SECOND + number * SECOND // 10
        assert (
            step(state, e.Contact(f"c{number}", "phone", ({"tax": 1},), target=target), number).effects == ()
        )
    assert len(list(state.lines)) == 10  # 20, 24, 30, 36, 45, 60, 72, 90, 100, 120
    assert wait_points(state, state.now - 60 * SECOND, 61 * SECOND) == wait_points(
        state, state.now - 60 * SECOND, 60 * SECOND
    )
