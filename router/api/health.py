"""Whether this process lives, and whether contacts should be sent to it. Open to all, so without detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.api.route import Ask, Reply, Route
from router.door import APPEND_WITHIN_S

if TYPE_CHECKING:
    from router.door import Door


class Alive(Struct, frozen=True):
    """The event loop answers: that is all it says."""

    status: str


class Readiness(Struct, frozen=True):
    """Whether new contacts are welcome here, and every reason why not."""

    ready: bool
    reasons: list[str]
    last_append_s: float


class Health:
    """Probes for a supervisor process, a load balancer, a person at three in the morning."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("health", "GET", "/healthz", self.alive, "The process lives", {200: Alive}, root=True),
            Route(
                "ready", "GET", "/readyz", self.ready, "The log takes appends and this router owns the pool",
                {200: Readiness, 503: Readiness}, root=True,
            ),
        ]  # fmt: skip

    async def alive(self, ask: Ask[None, None]) -> Reply:
        return Reply(Alive("alive"))

    async def ready(self, ask: Ask[None, None]) -> Reply:
        # only the owner appends, an empty one when idle: an old append covers not being the owner too
        age = self._door.last_append_age()
        reasons = []
        if age >= APPEND_WITHIN_S:
            late = f"no append for {APPEND_WITHIN_S:.0f} s"
            reasons.append(f"{late}: Redis is gone or slow, or another router owns the pool")
        age = round(min(age, 1e9), 3)
        return Reply(Readiness(not reasons, reasons, age), 503 if reasons else 200)
