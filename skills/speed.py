"""What a history of durations teaches, in integers: an average that forgets, and how far to believe it.

Pure. It knows no agent, no contact and no clock. What it says of a person is a term of a decision and nothing
else: it must never be listed person by person.
"""

from __future__ import annotations

ONE = 1_000  # a pace of 1,000 thousandths: as long as everybody else takes

# How many observations of one's own weigh as much as the group's. Credibility theory (Bühlmann 1967): the
# best linear estimate gives n observations the weight n / (n + k), k being the variance of one duration over
# the variance between people. Durations of calls vary by about their mean (variation 1), people by about a
# fifth of it: k = 1² / 0.2² = 25.
CREDIBLE = 25


def follow(mean: int, n: int, seen: int, memory: int) -> tuple[int, int]:
    """The average and its count after one more: plain until `memory` were seen, exponential from then on."""
    n = min(n + 1, memory)
    return mean + (seen - mean) // n, n


def shrunk(own: int, n: int, group: int, credible: int = CREDIBLE) -> int:
    """An own average drawn towards the group's: all the group's at n = 0, half each at n = `credible`."""
    return (n * own + credible * group) // (n + credible)
