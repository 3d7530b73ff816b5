"""The one way a gateway reaches its pool's owner and hears from it. Words only: no code lives here.

Gateways translate and decide nothing; they submit what happened and perform what is released.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from msgspec import Struct

from router.core.events import Event
from router.core.state import State
from router.core.step import Result
from router.log.entry import Entry

T = TypeVar("T")

APPEND_WITHIN_S = 2.0  # an older last append means that the log takes nothing: no caller is held then


class Released(Struct, frozen=True):
    """A durable entry. Its effects may be performed until `do_before` (owner's clock, microseconds)."""

    entry: Entry
    do_before: int


Listener = Callable[[Released], None]


class Unavailable(Exception):
    """The log cannot take this now (Redis gone, disk full, not the owner, overload). Nothing was promised.

    An event whose append was already under way may still come to be: its id makes a repeat harmless.
    """

    def __init__(self, code: str, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.code = code  # log_unavailable, not_owner, overloaded, stopping
        self.retry_after = retry_after  # seconds


class Door(Protocol):
    """What `router.owner` offers to gateways in the same process."""

    async def submit(self, event: Event) -> Result:
        """Step and append; returns when the entry is durable. Raises Unavailable."""
        ...

    async def read(self, question: Callable[[State], T]) -> T:
        """The answer on a state of which every bit is durable. The question must not change or keep it."""
        ...

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every entry, in order, once durable; returns how to stop. Never block or raise in it."""
        ...

    def now(self) -> int:
        """The owner's clock: microseconds since 1970, the clock that stamps `at`."""
        ...

    def last_append_age(self) -> float:
        """Seconds since an append (an empty one when idle) last returned: the heartbeat's condition."""
        ...
