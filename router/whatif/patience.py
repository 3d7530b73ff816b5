"""How long citizens would have waited, learnt from those who left and from those who were served first.

Kaplan and Meier (1958): whoever was served after a wait would have waited at least that long; of those still
waiting at each instant, so many left. Beyond the last one who was seen to leave, citizens leave at the mean
rate of the whole day (they that left over all time waited): nothing else is known there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import log


class Patience:
    """Of one channel. `waits`: how long (microseconds), and whether that wait ended by leaving."""

    def __init__(self, waits: Iterable[tuple[int, bool]]) -> None:
        told = sorted(waits)
        self.leavers = sum(left for _, left in told)
        self._rate = self.leavers / max(1, sum(wait for wait, _ in told))
        self._times: list[int] = []  # at which somebody left, rising
        self._gone: list[float] = []  # share that has left by then, rising
        staying, waiting = 1.0, len(told)
        place = 0
        while place < len(told):
            time, left, together = told[place][0], 0, 0
            while place < len(told) and told[place][0] == time:
                left, together, place = left + told[place][1], together + 1, place + 1
            if left:
                staying *= 1 - left / waiting
                self._times.append(time)
                self._gone.append(1 - staying)
            waiting -= together

    def stays(self, wait: int) -> float:
        """The share that would wait longer than this, as far as somebody was seen to leave."""
        place = bisect_right(self._times, wait)
        return 1 - self._gone[place - 1] if place else 1.0

    def draw(self, luck: float, beyond: int = 0) -> int | None:
        """A patience longer than `beyond`; `luck`, uniform: 0 waits longest. None: never leaves."""
        if not self.leavers:
            return None
        staying = self.stays(beyond)
        wanted = luck * staying
        place = bisect_left(self._gone, 1 - wanted - 1e-12)
        place = max(place, bisect_right(self._times, beyond))
        if place < len(self._times):
            return self._times[place]
        last = self.stays(self._times[-1])
        if last <= 0:  # everybody who waited that long left then
            return max(beyond + 1, self._times[-1])
        return (
            max(beyond, self._times[-1]) + 1 + round(-log(max(1e-12, min(1.0, wanted / last))) / self._rate)
        )
