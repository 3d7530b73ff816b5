"""What gateways say became of effects, for the requests that asked for them. It decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from router.core.events import Consulted, Ended, Found, Gone, Outcome

if TYPE_CHECKING:
    from router.door import Released


class Known(NamedTuple):
    """What became of it; `reason` is a code of the gateway's, empty if it said none."""

    result: Literal["done", "failed", "unknown"]
    reason: str = ""


About = tuple[str, ...]  # what something was said of; the first word keeps names of all kinds apart


def performed(effect: str) -> About:
    return "effect", effect


def asked(contact: str, second: str) -> About:
    return "consultation", contact, second


def over(contact: str) -> About:
    return "contact", contact


class Following:
    """One request's ears: what was said since it began to listen, so that no answer can be too early."""

    def __init__(self) -> None:
        self._heard: dict[About, Known] = {}
        self._news = asyncio.Event()

    def hear(self, about: About, known: Known) -> None:
        self._heard[about] = known
        self._news.set()

    async def of(self, about: About, contact: str, within: float) -> Known | None:
        """What became of it, or that the contact ended meanwhile; None: nobody said in time."""
        try:
            async with asyncio.timeout(within):
                while (known := self._heard.get(about) or self._heard.get(over(contact))) is None:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return None
        return known


class Outcomes:
    """The listener on the door that tells every request in progress."""

    def __init__(self) -> None:
        self._following: set[Following] = set()

    def hear(self, released: Released) -> None:
        if not self._following:
            return
        match released.entry.event:
            case Outcome(effect, result, reason):
                self._tell(performed(effect), Known(result, reason))
            case Consulted(contact, second, result):
                known = Known("done") if result in ("answered", "joined") else Known("failed", result)
                self._tell(asked(contact, second), known)
            case (
                Ended(contact=contact)
                | Gone(contact=contact)
                | Found(contact=contact, where="absent" | "lost")
            ):
                self._tell(over(contact), Known("failed", "absent"))
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

    def _tell(self, about: About, known: Known) -> None:
        for following in self._following:
            following.hear(about, known)
