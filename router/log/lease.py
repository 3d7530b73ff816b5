"""The right to append to one pool: held by one process at a time, proved by epoch and nonce."""

from __future__ import annotations

import secrets
import time

from msgspec import Struct

LENGTH = 1_500_000  # microseconds by Redis's clock; every append renews it
RENEW_AFTER = 0.5  # seconds without an append


class Lease(Struct, frozen=True):
    """One acquisition. The nonce is new each time: it tells our entries from those of any other holder."""

    epoch: int
    nonce: str
    generation: str
    redis_time: int  # microseconds since 1970, when it was acquired
    answered: float  # `elapsed()` just after it was: Redis's clock surely shows `redis_time` or more


class Held(Struct, frozen=True):
    """Somebody has it, for so many microseconds more unless renewed."""

    left: int


def elapsed() -> float:
    """Seconds on a clock that no one sets and that also runs while the machine sleeps, where there is one."""
    return time.clock_gettime(_CLOCK)


_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def new_nonce() -> str:
    """16 bytes nobody else has."""
    return secrets.token_hex(16)
