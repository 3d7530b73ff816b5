"""What waiting citizens are told is true: the spoken interval holds the real wait as often as it says.

A centre under a virtual clock, the core's own estimates, and the sentence as the telephone says it.
"""

from __future__ import annotations

import re
from functools import cache
from math import comb

import pytest

from bench.estimate.world import Run, Told
from bench.estimate.worlds import single
from ivr_flows.house import message_of
from ivr_flows.session import Say
from ivr_flows.wording import spoken, written
from router.core.estimate import Wait
from router.core.policy import SECOND
from router.phone.announce import MINUTE

NOMINAL = 0.8  # between the 10 % and the 90 % point
CALLERS = 300
APART = 10  # every so many callers: neighbours in one line share their luck
CERTAIN = 1e-4


@cache
def centre(seed: int) -> list[Told]:
    """A day on twenty agents, with more callers than they can take."""
    return Run(single("M/M/20+M", 20, 1.15, mean=300, patience=900, hours=24), seed).live()


def told(wait: Wait, language: str) -> tuple[float, float]:
    """The ends of the interval in seconds, read out of the sentence."""
    low, high = wait.low // MINUTE, -(-wait.high // MINUTE)  # as announce.py rounds
    say = Say("house.line_wait", language, values={"wait": {"low": low * 60, "high": high * 60}})
    text = written(message_of(say), language, say.values)
    pieces = spoken(message_of(say), language, say.values)
    numbers = [int(number) for number in re.findall(r"\d+", " ".join(pieces))]
    assert numbers, text
    assert all(str(number) in text for number in numbers)
    least = numbers[0] if len(numbers) == 2 else 0
    return least * 60.0, numbers[-1] * 60.0


def chance_of_at_most(hits: int, many: int, share: float) -> float:
    return sum(comb(many, k) * share**k * (1 - share) ** (many - k) for k in range(hits + 1))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_spoken_interval_holds_the_real_wait_at_its_nominal_rate(language: str):
    callers = centre(2026)
    some = callers[::APART]
    assert len(some) >= CALLERS
    hits = 0
    for each in some:
        low, high = told(each.wait, language)
        assert each.served is not None
        hits += low <= each.served - each.at <= high
    share = hits / len(some)
    print(f"{language}: {len(some)} callers, {share:.1%} within what was said")
    assert chance_of_at_most(hits, len(some), NOMINAL) > CERTAIN, f"{share:.1%} of {len(some)}"


def test_what_is_told_while_waiting_holds_as_well():
    callers = centre(7)
    asked = [(each.later[-1], each.served) for each in callers if each.later][::APART]
    assert len(asked) >= CALLERS
    hits = 0
    for (at, wait), served in asked:
        low, high = told(wait, "fr")
        assert served is not None
        hits += low <= served - at <= high
    assert chance_of_at_most(hits, len(asked), NOMINAL) > CERTAIN, f"{hits} of {len(asked)}"


def test_an_interval_that_is_too_narrow_would_be_seen():
    """The same callers, told half of the interval."""
    callers = centre(2026)[::APART]
    hits = 0
    for each in callers:
        quarter = (each.wait.high - each.wait.low) // 4
        assert each.served is not None
        hits += each.wait.low + quarter <= (each.served - each.at) * SECOND <= each.wait.high - quarter
    assert chance_of_at_most(hits, len(callers), NOMINAL) < CERTAIN
