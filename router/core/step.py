"""The one door into the state: `step(state, event, at)`."""

from __future__ import annotations

from typing import NamedTuple

from router.core.effects import Effect
from router.core.events import Event, Origin
from router.core.refusal import Refusal
from router.core.state import State


class Result(NamedTuple):
    """What a step gave: effects, or a refusal that changed nothing, or the note that it was a double."""

    effects: tuple[Effect, ...] = ()
    refusal: Refusal | None = None
    duplicate: bool = False


def step(state: State, event: Event, at: int, origin: Origin | None = None) -> Result:
    """Apply one event at instant `at`. A refusal or a double changes nothing, not even `n` or `now`."""
    raise NotImplementedError
