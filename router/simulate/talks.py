"""Conversations under way and the work after each, as long as drawn. It decides nothing.

A conversation that the policy lays aside for somebody who cannot wait stands still: what was left is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.core.events import Done, Ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.events import Event


class Talk(Struct):
    """One of them, instants in microseconds."""

    contact: str
    agent: str
    ends: int
    done: int
    ended: bool = False
    paused: int | None = None


class Talks:
    """`plan` calls back at an instant, `say` tells the pool."""

    def __init__(
        self, plan: Callable[[int, Callable[[int], None]], None], say: Callable[[Event, int], None]
    ) -> None:
        self._plan, self._say = plan, say
        self._open: dict[str, Talk] = {}

    def begin(self, contact: str, agent: str, ends: int, done: int) -> None:
        """From now on; its end and the end of the work after it are planned."""
        talk = self._open[contact] = Talk(contact, agent, ends, done)
        self._plan_ends(talk)

    def pause(self, contact: str, at: int) -> None:
        self._open[contact].paused = at

    def resume(self, contact: str, at: int) -> None:
        talk = self._open[contact]
        if talk.paused is not None:
            aside, talk.paused = at - talk.paused, None
            talk.ends, talk.done = talk.ends + aside, talk.done + aside
            self._plan_ends(talk)

    def _plan_ends(self, talk: Talk) -> None:
        if not talk.ended:
            self._plan(talk.ends, lambda at: self._ended(talk, at))
        self._plan(talk.done, lambda at: self._done(talk, at))

    def _ended(self, talk: Talk, at: int) -> None:
        if at == talk.ends and talk.paused is None and not talk.ended:
            talk.ended = True
            self._say(Ended(talk.contact, talk.agent), at)

    def _done(self, talk: Talk, at: int) -> None:
        if at == talk.done and talk.paused is None and self._open.pop(talk.contact, None) is not None:
            self._say(Done(talk.contact, talk.agent), at)
