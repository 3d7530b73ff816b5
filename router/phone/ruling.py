"""The policy that rules, as the log last said it: a call at the door need not ask while an append flies.

It never keeps one over a change of owner, nor answers while the log takes nothing: no caller is asked for
what nobody could serve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Config, Takeover
from router.door import APPEND_WITHIN_S

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.door import Door, Released


class Ruling:
    """`heard` each released entry, then `policy`."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._policy: Policy | None = None

    def heard(self, released: Released) -> None:
        event = released.entry.event
        if isinstance(event, Config):
            self._policy = event.policy
        elif isinstance(event, Takeover):
            self._policy = None

    async def policy(self) -> Policy:
        """Raises Unavailable."""
        if self._policy is None or self._door.last_append_age() >= APPEND_WITHIN_S:
            self._policy = await self._door.read(lambda state: state.policy)
        return self._policy
