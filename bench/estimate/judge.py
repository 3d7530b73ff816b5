"""What the estimates of many runs are worth: root mean squared error beside queue-length's, and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from bench.estimate.world import Told
from router.core.policy import SECOND


class Verdict(NamedTuple):
    """Of those who had to wait and were served. Seconds, and shares."""

    many: int
    mean_wait: float
    rmse: float
    known_rmse: float | None  # of queue-length with the true rates
    below: float  # share that waited less than the low point
    above: float  # and more than the high one
    width: float
    later_coverage: float  # of estimates for those already waiting

    @property
    def coverage(self) -> float:
        """The share within the interval."""
        return 1 - self.below - self.above


def judge(told: Sequence[Told]) -> Verdict:
    """One verdict."""
    many = len(told)
    waits = [(each.served or 0) - each.at for each in told]
    errors = [wait - each.wait.likely / SECOND for each, wait in zip(told, waits, strict=True)]
    known = [wait - each.known for each, wait in zip(told, waits, strict=True) if each.known is not None]
    later = [
        said.low <= ((each.served or 0) - at) * SECOND <= said.high
        for each in told
        for at, said in each.later
    ]
    pairs = list(zip(told, waits, strict=True))
    return Verdict(
        many,
        sum(waits) / many,
        _rms(errors),
        _rms(known) if known else None,
        sum(wait * SECOND < each.wait.low for each, wait in pairs) / many,
        sum(wait * SECOND > each.wait.high for each, wait in pairs) / many,
        sum(each.wait.high - each.wait.low for each in told) / many / SECOND,
        sum(later) / len(later) if later else 0.0,
    )


def _rms(errors: Sequence[float]) -> float:
    return sqrt(sum(error * error for error in errors) / len(errors))
