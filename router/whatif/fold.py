"""From what happened to a recorded day. It decides and guesses nothing: what nobody saw stays None."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from router.core.effects import Divert, Effect, Offer, Refuse, Release, Withdraw
from router.core.events import (
    Again,
    Agent,
    Answer,
    Config,
    Contact,
    Device,
    Done,
    Ended,
    Event,
    Found,
    Gateway,
    Gone,
    Outcome,
    Tick,
)
from router.whatif.day import Day, Given
from router.whatif.presence import Presence
from router.whatif.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.core.policy import Policy
    from router.core.state import State
    from router.whatif.seen import Seen

RELEASE = 100_000  # microseconds until a leg is ended, where no gateway ever said


class Fold:
    """Hears everything in order; `day` is what it amounts to in the window."""

    def __init__(self, before: State, start: int, counted: int, end: int) -> None:
        self._start, self._counted, self._end = start, counted, end
        self._presence = Presence(before)
        self._visits = Visits(before)
        self._given: list[Given] = []
        self._left_out: Counter[str] = Counter()
        self._asked: dict[str, int] = {}  # effects that await their outcome, and since when
        self._released: list[int] = []
        self._at_start: Policy | None = None
        self._opening: list[Event] = []

    def hear(self, seen: Seen) -> bool:
        """One event; False once the window is over."""
        if seen.at > self._end:
            return False
        if seen.at >= self._start and self._at_start is None:
            self._open()
        for effect in seen.effects:
            if isinstance(effect, Withdraw):
                how = "expired" if effect.because == "expired" else "cut"
                self._visits.replied(effect.offer, how, seen.at)
        self._event(seen, seen.at >= self._start)
        for effect in seen.effects:
            self._effect(effect, seen.at, seen.n)
        return True

    def day(self) -> Day:
        """The recorded day, once everything was heard."""
        if self._at_start is None:
            self._open()
        free = self._visits.busy_until(self._start, self._end)
        opening = [Given(free.get(name_of(event), self._start), 0, event) for event in self._opening]
        return Day(
            self._start, self._counted, self._end, self._at_start or self._presence.policy,
            self._visits.since(self._start), [*opening, *self._given],
            {name: event.skills or {} for name, event in self._presence.agents.items()},
            dict(self._left_out), round(median(self._released)) if self._released else RELEASE,
        )  # fmt: skip

    def _open(self) -> None:
        """The window begins: what is true now is said at its start."""
        self._at_start = self._presence.policy
        self._visits.forget_over()
        self._opening = self._presence.said()

    def _event(self, seen: Seen, inside: bool) -> None:
        at, n, visits = seen.at, seen.n, self._visits
        match seen.event:
            case Contact() as event:
                visits.came(event, at, n, self._presence.policy, counted=at >= self._counted)
            case Answer() as event:
                visits.replied(event.offer, event.answer, at, n)
                if event.answer == "accepted":
                    visits.answered(event.contact, event.agent, at)
            case Found(where="bridged") as event:
                visits.answered(event.contact, event.agent or "", at)
            case Found(where="absent" | "lost") as event:
                visits.vanished(event.contact, event.where, at, n)
            case Gone() as event:
                visits.left(event.contact, event.reason, at, n)
            case Ended() as event:
                visits.ended(event.contact, at, n, self._presence.policy)
            case Done() as event:
                visits.done(event.contact, at, n)
            case Again() as event:
                visits.again(event, at, n)
            case Outcome() as event:
                since = self._asked.pop(event.effect, None)
                if since is not None and event.result == "done":
                    self._released.append(at - since)
            case Agent() | Device() | Gateway() | Config() as event:
                if inside:
                    self._given.append(Given(at, n, event))
                self._presence.hear(event)
            case Tick():
                pass
            case event:
                if inside:
                    self._left_out[type(event).__name__.lower()] += 1

    def _effect(self, effect: Effect, at: int, n: int) -> None:
        if isinstance(effect, Offer):
            self._visits.offered(effect.offer, effect.contact, at)
        elif isinstance(effect, (Withdraw, Release)) and effect.effect_id:
            self._asked[effect.effect_id] = at
        elif isinstance(effect, Refuse):
            self._visits.turned_away(effect.contact)
            self._visits.left(effect.contact, effect.because, at, n)
        elif isinstance(effect, Divert):  # and then `gone` says when
            self._visits.turned_away(effect.contact)


def recorded(stream: Iterable[Seen], before: State, start: int, counted: int, end: int) -> Day:
    """The day from `start` to `end`; who comes before `counted` is lived, and not counted."""
    fold = Fold(before, start, counted, end)
    for seen in stream:
        if not fold.hear(seen):
            break
    return fold.day()


def name_of(event: Event) -> str:
    """The agent an opening event is about, if any."""
    return event.agent if isinstance(event, Agent) else ""
