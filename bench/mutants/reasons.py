"""Why a mutant that survives is no fault of the tests: what it does cannot be told apart, or decides nothing.

Keyed by what stands in the code, not by its line, so that a reason outlives the lines above it.
"""

from __future__ import annotations

REASONS: dict[tuple[str, str, str], str] = {
    (file, before, after): why
    for file, before, after, why in (
        (
            "router/core/score.py",
            "points < WAIT_BOUND",
            "points <= WAIT_BOUND",
            "at the bound both give the bound",
        ),
        (
            "router/core/pace.py",
            "skill < first",
            "skill <= first",
            "of a skill and itself either is the first",
        ),
        ("router/core/pace.py", "0", "1", "paces are told apart by tenths: one thousandth ahead is no step"),
        ("router/core/pace.py", "ahead > 0", "ahead >= 0", "of no steps the sign says nothing"),
        (
            "router/core/ladder.py",
            "target * target > below * above",
            "target * target >= below * above",
            "no product of two neighbours is a square, so they are never equal",
        ),
        ("router/core/reserve.py", "16", "17", "how many agents are tried is a bound of cost; any would do"),
        ("router/core/reserve.py", "slack >= WHOLE", "slack > WHOLE", "a share is never more than the whole"),
        (
            "router/core/reserve.py",
            "0",
            "1",
            "slack is never below nought, and held work always has a due time",
        ),
    )
}
