"""Where sealed citizens are kept, as far as this package needs it. Words only: `router/log` has Redis's.

Names are `c:CITIZEN` (key and record), `j:CITIZEN` (list: journey), `k:CITIZEN:NAME` (kept by others),
`w:WHOLE` (links), `i:MARK` (who holds an identifier), `t:MARK` (a challenge), `n:POOL` (how far journeys are
written) and `keys`. A store sees pseudonyms, marks and ciphertext only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct, field


class Change(Struct, frozen=True):
    """All of it or nothing, and only if everything expected is still so."""

    expects: dict[str, bytes | None] = field(default_factory=dict)
    sets: dict[str, bytes | None] = field(default_factory=dict)  # None deletes, a list too
    ttl_s: dict[str, int] = field(default_factory=dict)  # of names in `sets`
    pushes: dict[str, list[bytes]] = field(default_factory=dict)  # onto the ends of lists
    holds: dict[str, str] = field(default_factory=dict)  # index name -> citizen and `!` (proved) or `?`
    drops: list[tuple[str, str]] = field(default_factory=list)  # index name, citizen
    due: dict[str, int | None] = field(default_factory=dict)  # citizen -> when to look at it, seconds


class Indexed(Struct, frozen=True):
    """Who holds one identifier: citizens with `!` or `?`, and their `c:` values."""

    entry: bytes
    citizens: dict[str, bytes]


class Seen(Struct, frozen=True, omit_defaults=True):
    """Somebody read something of a citizen, or did something to them. No personal datum."""

    at: int  # microseconds since 1970
    citizen: str
    by: str  # pseudonym or role
    role: str
    what: str  # the operation
    purpose: str
    contact: str = ""


class Store(Protocol):
    """Every method is one round trip. Raises OSError when the store does not answer."""

    async def get(self, names: Sequence[str]) -> list[bytes | None]: ...

    async def lists(self, names: Sequence[str]) -> list[list[bytes]]: ...

    async def indexed(self, names: Sequence[str]) -> list[Indexed]:
        """What each index name leads to."""
        ...

    async def swap(self, change: Change) -> bool:
        """Whether it was done. After a lost reply: look again, and repeat; that is harmless."""
        ...

    async def swaps(self, changes: Sequence[Change]) -> list[bool]:
        """Each for itself, in one round trip."""
        ...

    async def due(self, before_s: int, count: int) -> list[str]:
        """Citizens whose time to be looked at has come."""
        ...

    async def scan(self, cursor: int, count: int) -> tuple[int, list[str]]:
        """Some citizens, and where to go on; 0 ends. During changes one may come twice, none is left out."""
        ...

    async def count(self) -> int:
        """How many citizens there are."""
        ...

    async def compact(self) -> None:
        """Destroyed keys leave the store's own files too, as soon as it can."""
        ...

    async def saw(self, seen: Seen, keep_days: int) -> None:
        """Write the access log."""
        ...

    async def seen(self, citizen: str, after: str, count: int) -> list[tuple[str, Seen]]:
        """The access log, newest first, below position `after`; of everybody for ''."""
        ...
