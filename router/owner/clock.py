"""The owner's clock: Redis's time when the lease was taken, carried on by a clock that nobody sets.

Wall clocks jump; this one never goes back and never runs ahead. It stamps events and dates effects.
"""

from __future__ import annotations

from router.log.lease import Lease, elapsed

JUMP = 2.0  # seconds between two turns beyond which this process, or its log, stood still


class Clock:
    """Integer microseconds since 1970, from one acquisition of the lease on."""

    def __init__(self, lease: Lease, last: int) -> None:
        # `last` is the latest instant in the log. Where Redis's clock was set back since, we go on from
        # there: standing still until it has caught up would fire no timer for as long.
        self._zero = max(lease.redis_time, last) - round(lease.answered * 1e6)
        self._turned = elapsed()

    def now(self) -> int:
        """Never less than any instant stamped before."""
        return self._zero + round(elapsed() * 1e6)

    def at(self, seconds: float) -> int:
        """What this clock showed, or will, when `elapsed` is `seconds`."""
        return self._zero + round(seconds * 1e6)

    def turn(self) -> int:
        """To be called at each turn of the loop: by how much the clock jumped since the last, else 0."""
        now = elapsed()
        pause, self._turned = now - self._turned, now
        return round(pause * 1e6) if pause > JUMP else 0
