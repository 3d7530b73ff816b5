"""Where the pool stands: counts, the last entry, and the digest by which a replay is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from router.api.route import Ask, Reply, Route
from router.core.digest import digest

if TYPE_CHECKING:
    from router.core.state import State
    from router.door import Door


class Standing(Struct, frozen=True):
    """Durable, to the last bit. `arrived` is the sum of the other counts."""

    entry: int  # number of the last log entry
    digest: str  # `guichet replay` prints the same for an archive that ends there
    policy: str  # hash of the policy that rules
    epoch: int
    arrived: int
    waiting: int
    offered: int
    connected: int
    wrap_up: int
    ended: int
    gone: int


class Standings:
    """One question."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("get_state", "GET", "/state", self.state, "Counts, last entry and digest", {200: Standing})
        ]

    async def state(self, ask: Ask[None, None]) -> Reply:
        return Reply(await self._door.read(standing))


def standing(state: State) -> Standing:
    """As of this entry."""
    counts = structs.asdict(state.counts)
    return Standing(state.n, digest(state), state.policy_hash, state.epoch, **counts)
