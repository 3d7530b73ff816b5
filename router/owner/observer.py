"""What the owner tells about itself, for instruments: figures only, never a datum of a contact."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Called from the loop: must be quick and must not raise."""

    def appended(self, events: int, step_seconds: float, append_seconds: float) -> None:
        """One batch was stepped and made durable."""

    def poisoned(self) -> None:
        """An event could not be stepped and was put aside."""

    def reigns(self, epoch: int) -> None:
        """This process owns the pool from here on; 0: it does not."""


class Unobserved:
    """Nobody looks."""

    def appended(self, events: int, step_seconds: float, append_seconds: float) -> None: ...

    def poisoned(self) -> None: ...

    def reigns(self, epoch: int) -> None: ...
