"""When two contacts need the same: the key of their kind of needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Needs

NeedsKey = tuple[tuple[tuple[str, int], ...], ...]


def needs_key(needs: Needs) -> NeedsKey:
    """Equal for equal needs, whatever order they were written in."""
    if len(needs) == 1:
        return (tuple(sorted(needs[0].items())),)
    return tuple(sorted(tuple(sorted(minimums.items())) for minimums in needs))
