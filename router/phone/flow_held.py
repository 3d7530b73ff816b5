"""Sessions whose call is in the line or with an agent, by contact.

Kept while their call lasts, in this process alone: after a restart the call goes on without its flow.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from router.flows.runner import Running

SESSIONS_MAX = 5_000
DEAF_S = 0.5  # into the line: the key that answered the last question is told by AMI as well, perhaps later


class Held(Struct):
    """A session whose call is in the line or with an agent."""

    running: Running
    key: str = ""  # leaves for a call-back; none while the flow asks something of its own
    since: float = 0.0


class HeldSessions(dict[str, Held]):
    """The oldest is forgotten where there are too many."""

    def hold(self, contact: str, running: Running, key: str) -> None:
        if len(self) >= SESSIONS_MAX:
            self.pop(next(iter(self)))
        self[contact] = Held(running, key, time.monotonic())

    def key(self, contact: str) -> str:
        """The key that takes this waiting caller out of the line."""
        held = self.get(contact)
        late = held is not None and time.monotonic() - held.since < DEAF_S
        return held.key if held is not None and not late else ""

    def language(self, contact: str) -> str:
        """In which the caller is told their place; "": by Asterisk's own words."""
        held = self.get(contact)
        return held.running.session.language if held is not None else ""
