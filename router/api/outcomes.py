"""What gateways say became of effects, for the requests that asked for them. It decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from router.core.events import Consulted, Outcome

if TYPE_CHECKING:
    from router.door import Released


class Known(NamedTuple):
    """What became of it; `reason` is a code of the gateway's, empty if it said none."""

    result: Literal["done", "failed", "unknown"]
    reason: str = ""


class Following:
    """One request's ears: what was said since it began to listen, so that no answer can be too early."""

    def __init__(self) -> None:
        self._heard: dict[Hashable, Known] = {}
        self._news = asyncio.Event()

    def hear(self, about: Hashable, known: Known) -> None:
        self._heard[about] = known
        self._news.set()

    async def of(self, about: Hashable, within: float) -> Known | None:
        """What became of an effect (its id) or of a consultation (contact, second); None: nobody said."""
        try:
            async with asyncio.timeout(within):
                while about not in self._heard:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return None
        return self._heard[about]


class Outcomes:
    """The listener on the door that tells every request in progress."""

    def __init__(self) -> None:
        self._following: set[Following] = set()

    def hear(self, released: Released) -> None:
        if not self._following:
            return
        match released.entry.event:
            case Outcome(effect, result, reason):
                self._tell(effect, Known(result, reason))
            case Consulted(contact, second, result):
                known = Known("done") if result in ("answered", "joined") else Known("failed", result)
                self._tell((contact, second), known)
            case _:
                pass

    @contextmanager
    def follow(self) -> Iterator[Following]:
        """Listen from before the event is submitted until the request is answered."""
        following = Following()
        self._following.add(following)
        try:
            yield following
        finally:
            self._following.discard(following)

    def _tell(self, about: Hashable, known: Known) -> None:
        for following in self._following:
            following.hear(about, known)
