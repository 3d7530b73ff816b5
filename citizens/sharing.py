"""What one agency may tell another of a citizen: the table of the configuration, and the citizen's yes. Pure.

What stands in no row is told to nobody. An agency always knows what is its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, field

Shared = Literal["context", "family", "address", "income"]
SHARED: dict[Shared, str] = {
    "context": "why they came, and what was said so far",
    "family": "who belongs to the household",
    "address": "where they live",
    "income": "what they earn and receive",
}


class Agency(Struct, frozen=True):
    """One agency. `shares`: other agency -> what it may be told."""

    agency: str
    name: str
    topics: tuple[str, ...] = ()
    pool: str = ""
    shares: dict[str, frozenset[Shared]] = field(default_factory=dict)


class Agencies(Struct, frozen=True):
    """All behind the one door."""

    by_id: dict[str, Agency] = field(default_factory=dict)

    def competent(self, topic: str) -> Agency | None:
        """Whose topic it is."""
        return next((each for each in self.by_id.values() if topic in each.topics), None)

    def of_pool(self, pool: str) -> Agency | None:
        """Whose agents serve this pool."""
        return next((each for each in self.by_id.values() if pool and each.pool == pool), None)

    def told(self, owner: str, to: str, *, agreed: bool) -> frozenset[Shared]:
        """What `to` may know from `owner`. `agreed`: the citizen's consent to share with `to` stands."""
        if owner not in self.by_id or to not in self.by_id:
            return frozenset()
        if owner == to:
            return frozenset(SHARED)
        return self.by_id[owner].shares.get(to, frozenset()) if agreed else frozenset()


def pool_of(skills: Iterable[str], prefix: str = "pool:") -> str:
    """The pool inside another whose skill an agent brings; '' for none, or for more than one."""
    pools = [skill.removeprefix(prefix) for skill in skills if skill.startswith(prefix)]
    return pools[0] if len(pools) == 1 else ""
