"""Who can serve what: levels against needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def meets(levels: Mapping[str, int], minimums: Mapping[str, int]) -> bool:
    """Whether every skill asked for is there at its minimum level or above. No minimums: everybody."""
    return all(levels.get(skill, 0) >= minimum for skill, minimum in minimums.items())


def eligible(levels: Mapping[str, int], needs: Sequence[Mapping[str, int]]) -> bool:
    """Whether any one of the alternatives is met."""
    return any(meets(levels, minimums) for minimums in needs)


def missing(levels: Mapping[str, int], needs: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """What the nearest alternative still asks for: skill -> minimum; empty when eligible."""
    gaps = [{s: m for s, m in minimums.items() if levels.get(s, 0) < m} for minimums in needs]
    return min(gaps, key=lambda gap: (len(gap), sorted(gap.items())), default={})
