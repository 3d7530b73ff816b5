"""The owner's clock and its memory of the newest entries, on their own."""

from __future__ import annotations

import pytest

from router.log.lease import Lease
from router.owner import clock as clock_module
from router.owner import tail as tail_module
from router.owner.clock import Clock
from router.owner.tail import Tail

NOW = 1_800_000_000_000_000


@pytest.fixture
def elapsed(monkeypatch):
    """A hand on the clock that nobody sets."""

    class Hand:
        at = 100.0

        def __call__(self):
            return self.at

    hand = Hand()
    monkeypatch.setattr(clock_module, "elapsed", hand)
    return hand


def lease(redis_time=NOW):
    return Lease(1, "nonce", "generation", redis_time, answered=100.0)


def test_the_clock_goes_on_from_redis(elapsed):
    clock = Clock(lease(), last=0)
    assert clock.now() == NOW
    elapsed.at += 1.5
    assert clock.now() == NOW + 1_500_000
    assert clock.at(100.5) == NOW + 500_000


def test_a_log_ahead_of_redis_is_gone_on_from(elapsed):
    """Redis's clock was set back by an hour: time neither goes back nor stands still for an hour."""
    clock = Clock(lease(NOW - 3_600_000_000), last=NOW)
    assert clock.now() == NOW
    elapsed.at += 1.0
    assert clock.now() == NOW + 1_000_000


def test_a_pause_is_a_jump_once(elapsed):
    clock = Clock(lease(), last=0)
    elapsed.at += 1.9
    assert clock.turn() == 0
    elapsed.at += 2.5
    assert clock.turn() == 2_500_000
    assert clock.turn() == 0


def test_the_tail_knows_the_newest_entries(monkeypatch):
    monkeypatch.setattr(tail_module, "MOST_ENTRIES", 3)
    tail = Tail(10)
    assert tail.since(10) == []
    assert tail.since(9) is None
    tail.keep([b"11", b"12"])
    assert tail.since(10) == [b"11", b"12"]
    tail.keep([b"13", b"14"])
    assert (tail.last, tail.since(11), tail.since(10)) == (14, [b"12", b"13", b"14"], None)
    assert tail.since(15) is None


def test_the_tail_is_bounded_by_its_bytes(monkeypatch):
    monkeypatch.setattr(tail_module, "MOST_BYTES", 10)
    tail = Tail(0)
    tail.keep([b"x" * 6, b"y" * 6])
    assert tail.since(1) == [b"y" * 6]
    assert tail.since(0) is None
