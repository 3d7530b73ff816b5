"""One entry of the log: an event, the instant it was taken, and the effects it caused.

The wire form is msgpack; the archive holds the very bytes of the stream.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.effects import Effect
from router.core.events import Event, Origin


class Entry(Struct, frozen=True, omit_defaults=True):
    """`n` counts from 1 without holes; the stream's id is `n-0`."""

    n: int
    at: int  # microseconds since 1970, never decreasing
    event: Event
    effects: tuple[Effect, ...] = ()
    core: str = ""  # version of the core that decided
    policy: str = ""  # hash of the policy that ruled
    origin: Origin | None = None  # set for events that came through the inbox
    digest: str = ""  # of the state after this entry; written on every DIGEST_EVERY-th
