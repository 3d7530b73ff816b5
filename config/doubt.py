"""One thing in a configuration that its types allow and its meaning does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from config.fault import Path


class Doubt(NamedTuple):
    """Something at `path` that contradicts the rest, or with `warning` may not be meant."""

    path: Path
    message: str
    warning: bool = False
