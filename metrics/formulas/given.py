"""What a formula may be given: each wrong input is a ValueError that says which and why.

Never corrects a value: a figure computed from nonsense is worse than none.
"""

from __future__ import annotations

import math

SERVERS_MOST = 10_000  # the recursions were tried up to here; a wide margin over any centre


def whole(name: str, value: int, least: int, most: int) -> None:
    """Raise unless it is a whole number between the two."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most:,}, not {value:,}")


def positive(name: str, value: float) -> None:
    """Raise unless it is a number above zero and finite."""
    if not 0 < value < math.inf:  # NaN is in no range
        raise ValueError(f"{name} must be a number above 0, not {value!r}")


def not_negative(name: str, value: float) -> None:
    """Raise unless it is zero or more, and finite."""
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must be 0 or more, not {value!r}")
