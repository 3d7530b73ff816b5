"""The recorded day once more, under the core: what was recorded happens again, the policy decides the rest.

At equal instants, happenings follow the order of the record, so under the same policy the same day comes out.
It decides nothing; what the core refuses (a rota took the agent it names away) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import count

from msgspec.structs import replace

from router.core.effects import Divert, Effect, Offer, Refuse, Release, SetAway, Withdraw
from router.core.events import Agent, Answer, AnswerName, Done, Ended, Event, Gone, Outcome, Tick
from router.core.state import State
from router.core.step import step
from router.whatif.breaks import Breaks
from router.whatif.day import LATER, Day
from router.whatif.draws import TRIES, Plan
from router.whatif.way import Again, Outcomes

TICK = Tick()


class Player:
    """One run. `live` it once, then read `outcomes`, in the order of the day's visits."""

    def __init__(self, day: Day, plans: list[list[Plan]]) -> None:
        self.day = day
        self.state = State()
        self.state.policy = day.policy
        self.ways = {
            visit.event.contact: Again(visit, plan, Outcomes())
            for visit, plan in zip(day.visits, plans, strict=True)
        }
        self._breaks = Breaks(day.given)
        self._open: dict[str, Offer] = {}
        self._order = count()
        self._heap: list[tuple[int, int, int, Callable[[int], None]]] = []
        self._ticks: set[int] = set()

    @property
    def outcomes(self) -> list[Outcomes]:
        return [way.outcome for way in self.ways.values()]

    def live(self) -> None:
        """From the window's start to its end."""
        for given in self.day.given:
            self._plan(given.at, given.n, self._saying(given.event))
        for way in self.ways.values():
            self._plan(max(way.visit.at, self.day.start), way.visit.n, self._arrival(way))
        while self._heap and self._heap[0][0] <= self.day.end:
            at, _, _, happen = heappop(self._heap)
            happen(at)

    def _plan(self, at: int, n: int, happen: Callable[[int], None]) -> None:
        heappush(self._heap, (at, n, next(self._order), happen))

    def _saying(self, event: Event) -> Callable[[int], None]:
        return lambda at: self._say(event, at)

    def _say(self, event: Event, at: int) -> None:
        self._hear(step(self.state, event, at).effects, at)
        wake = self.state.wake()
        if wake is not None and wake not in self._ticks:
            self._ticks.add(wake)
            self._plan(wake, LATER, self._tick)

    def _tick(self, at: int) -> None:
        self._ticks.discard(at)
        if self.state.wake() == at:
            self._say(TICK, at)

    def _hear(self, effects: Sequence[Effect], at: int) -> None:
        for effect in effects:
            if isinstance(effect, Offer):
                self._offered(effect, at)
                continue
            if isinstance(effect, (Refuse, Divert)):
                self._turned_away(effect, at)
            elif isinstance(effect, SetAway) and (back := self._breaks.over(effect.agent, at)) is not None:
                self._plan(back, LATER, partial(self._back, effect.agent))
            if isinstance(effect, Withdraw):
                self._open.pop(effect.offer, None)
            if isinstance(effect, (Withdraw, Release)) and effect.effect_id:
                done = Outcome(effect.effect_id, "done")
                self._plan(at + self.day.release, LATER, self._saying(done))

    def _turned_away(self, effect: Refuse | Divert, at: int) -> None:
        """By a queue limit: refused at once, or gone to the fallback of their channel."""
        way = self.ways[effect.contact]
        if isinstance(effect, Divert):
            self._plan(at, LATER, partial(self._leave, way, way.leg))
            return
        way.talking = True  # whatever comes now is void
        if way.outcome.answered is None:
            way.outcome.left = at

    def _back(self, agent: str, at: int) -> None:
        if self.state.agents[agent].reason == "missed":  # nobody said anything else of them meanwhile
            self._say(Agent(agent, "ready"), at)

    # ---- offers and conversations

    def _offered(self, offer: Offer, at: int) -> None:
        """Answered as it was in the record while the record lasts, then as drawn: accepted after a while."""
        self._open[offer.offer] = offer
        way = self.ways[offer.contact]
        seen, number = way.recorded.replies, way.offers
        way.offers += 1
        how: AnswerName = "accepted"
        after, n = way.plan.answers[number % TRIES], LATER
        if number < len(seen):
            reply = seen[number]
            if reply.how == "expired":
                return
            if reply.how == "cut":  # it would have been answered, but not yet
                after = max(after, reply.after + 1)
            else:
                how, after, n = reply.how, reply.after, reply.n  # type: ignore[assignment]
        self._plan(at + after, n, lambda then: self._answer(offer, how, then))

    def _answer(self, offer: Offer, how: AnswerName, at: int) -> None:
        if self._open.pop(offer.offer, None) is None:
            return
        self._say(Answer(offer.offer, offer.contact, offer.agent, how), at)
        if how == "accepted" and self.state.contacts[offer.contact].state == "connected":
            self._talk(self.ways[offer.contact], offer.agent, at)

    def _talk(self, way: Again, agent: str, at: int) -> None:
        way.talking = True
        if way.outcome.answered is None:
            way.outcome.answered = at
        leg, ends = way.recorded, at + way.plan.talk
        contact = way.visit.event.contact
        if leg.again is not None and leg.ended is None:
            self._plan(ends, leg.again_n, lambda then: self._transfer(way, then))
            return
        self._plan(ends, leg.ended_n, self._saying(Ended(contact, agent)))
        done = ends + way.plan.wrap_up
        if leg.again is not None:
            self._plan(done, leg.again_n, lambda then: self._transfer(way, then))
        else:
            self._plan(done, leg.done_n, self._saying(Done(contact, agent)))

    def _transfer(self, way: Again, at: int) -> None:
        event = way.recorded.again
        assert event is not None  # planned for such legs only
        way.leg, way.offers, way.talking = way.leg + 1, 0, False
        self._patience(way, at)
        self._say(event, at)

    # ---- citizens

    def _arrival(self, way: Again) -> Callable[[int], None]:
        event, waited = way.visit.event, max(0, self.day.start - way.visit.at)
        if waited:  # it waited already when the window began
            event = replace(event, waited=event.waited + waited)

        def arrive(at: int) -> None:
            self._patience(way, at - waited)
            self._say(event, at)

        return arrive

    def _patience(self, way: Again, began: int) -> None:
        patience, leg = way.plan.patience, way.leg
        if patience is not None:
            n = way.visit.left_n if leg == len(way.visit.legs) - 1 else LATER
            self._plan(max(began + patience, self.day.start), n, lambda then: self._leave(way, leg, then))

    def _leave(self, way: Again, leg: int, at: int) -> None:
        if way.leg == leg and not way.talking:
            way.talking = True  # whatever comes now is void
            if way.outcome.answered is None:
                way.outcome.left = at
            self._say(Gone(way.visit.event.contact, way.visit.reason), at)
