"""What goes to Redis and what comes back, for the type checker."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol, TypeAlias

Word: TypeAlias = str | bytes | int
Reply: TypeAlias = Any  # what Redis answers has no type until it is looked at


class Sender(Protocol):
    """What takes one command: redis-py's client, or our `Line`."""

    def execute_command(self, *words: Word) -> Awaitable[Reply]: ...
