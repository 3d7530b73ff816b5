"""The whole state as bytes, and back: `thaw(freeze(state))` continues exactly as `state` would."""

from __future__ import annotations

from router.core.state import State


def freeze(state: State) -> bytes:
    """Msgpack of everything durable in the state."""
    raise NotImplementedError


def thaw(frozen: bytes) -> State:
    """The state again, lines and timers rebuilt. Raises ValueError for bytes of another core version."""
    raise NotImplementedError
