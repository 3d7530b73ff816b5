"""How synthetic people behave: when they come, what they want, how long things take. Numbers only, no I/O."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

DAY_S = 240.0  # a synthetic day: two peaks, as at a real agency in the morning and after lunch
CHANNELS = {"phone": 30, "chat": 35, "email": 20, "callback": 15}  # per cent of citizens
IMPATIENT = 0.12  # of citizens leave within seconds
VULNERABLE = 0.05
DECLINES = 0.04  # of offers
MISSES = 0.02
REASONS = ("break", "lunch", "meeting", "training", "technical")


class Citizen(Struct, frozen=True):
    """One person's wish."""

    channel: str
    topic: str
    language: str
    vulnerable: bool
    patience_s: float


def rate(at_s: float, mean: float) -> float:
    """Arrivals per second at this moment of the synthetic day, `mean` over the whole day."""
    turn = 2 * math.pi * at_s / DAY_S
    return mean * (1 + 0.35 * math.sin(2 * turn) + 0.25 * math.sin(turn))


def gap(random: Random, at_s: float, mean: float) -> float:
    """Seconds until the next citizen."""
    return random.expovariate(rate(at_s, mean))


def citizen(random: Random, topics: Sequence[str], languages: Sequence[str]) -> Citizen:
    """The next one. Topics and languages that stand first are wanted more often."""
    channel = random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    impatient = channel != "email" and random.random() < IMPATIENT
    return Citizen(
        channel,
        random.choices(topics, [1 / (2 + place) for place in range(len(topics))])[0],
        random.choices(languages, [1 / (1 + place) ** 2 for place in range(len(languages))])[0],
        random.random() < VULNERABLE,
        random.uniform(3, 20) if impatient else random.uniform(90, 300),
    )


def answer(random: Random) -> str:
    """What an agent does with an offer; `missed`: nothing."""
    dice = random.random()
    return "missed" if dice < MISSES else "declined" if dice < MISSES + DECLINES else "accepted"


def delay(random: Random, stage: str) -> float:
    """Seconds an agent takes for what is in hand: to answer, to talk, to write the notes."""
    low, high = {"offered": (1, 3), "connected": (5, 20), "wrap_up": (1, 4)}[stage]
    return random.uniform(low, high)
