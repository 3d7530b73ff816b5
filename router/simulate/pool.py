"""What a simulated centre asks of a policy: hear an event, say whom to offer what. One is the real core.

The classical rules in `classical` speak the same words, so that nothing but the rule differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from router.core.events import Done, Gone, Tick
from router.core.policy import Policy
from router.core.state import State
from router.core.step import step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.core.effects import Effect
    from router.core.events import Event


class Pool(Protocol):
    """Events in, effects out; `wake` is when it wants to hear a `tick`."""

    def say(self, event: Event, at: int) -> Sequence[Effect]: ...

    def wake(self) -> int | None: ...


class Guichet:
    """The core itself."""

    def __init__(self, policy: Policy) -> None:
        self.state = State()
        self.state.policy = policy

    def say(self, event: Event, at: int) -> Sequence[Effect]:
        if self._is_over(event):
            return ()
        result = step(self.state, event, at)
        if result.refusal is not None:  # the centre says only what is legal: this is a defect
            raise AssertionError(f"{event} was refused: {result.refusal}")
        return result.effects

    def wake(self) -> int | None:
        return self.state.wake()

    def _is_over(self, event: Event) -> bool:
        """Whether the policy ended it before: a wrap-up by its limit, a wait by the queue's."""
        return isinstance(event, (Done, Gone)) and self.state.contacts[event.contact].state in OVER


TICK = Tick()
OVER = ("ended", "gone")
