"""How well an agent fits a contact: strong in what is asked, not wasted on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

FIT_BOUND = 1_000  # |fit| never passes this, however many skills an agent has


def fit(levels: Mapping[str, int], needs: Sequence[Mapping[str, int]]) -> int:
    """The best over the alternatives met: twice the levels asked for, less every level the agent holds.

    So of two who can, the more skilled in the matter wins, and the one with rarer skills beside it is
    kept free. An integer within ±FIT_BOUND; -FIT_BOUND if not eligible.
    """
    held = sum(levels.values())
    best = -FIT_BOUND
    for minimums in needs:
        asked = 0
        for skill, minimum in minimums.items():
            level = levels.get(skill, 0)
            if level < minimum:
                break
            asked += level
        else:
            best = max(best, 2 * asked - held)
    return min(best, FIT_BOUND)


def fit_to(levels: Mapping[str, int], skills: Iterable[str], held: int) -> int:
    """The same for one alternative that asks for these skills, and is met. `held`: the sum of all levels."""
    asked = 0
    for skill in skills:
        asked += levels[skill]
    return min(max(2 * asked - held, -FIT_BOUND), FIT_BOUND)
