"""Why a mutant that survives is no fault of the tests: what it does cannot be told apart, or decides nothing.

Keyed by what stands in the code, not by its line, so that a reason outlives the lines above it.
"""

from __future__ import annotations

REASONS: dict[tuple[str, str, str], str] = {
    (
        "router/core/score.py",
        "points < WAIT_BOUND",
        "points <= WAIT_BOUND",
    ): "at the bound itself both give the bound",
    ("citizens/joining.py", "500", "501"): "a bound against errors of somebody's: one more does no harm",
    ("citizens/joining.py", "8", "9"): "how long a random name is",
    ("citizens/record.py", "8", "9"): "how many contacts the short memory holds: tests count by its name",
}
