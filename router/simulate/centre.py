"""A centre in virtual time: citizens come, agents answer, talk and wrap up, as drawn. It decides nothing.

What happens is a heap of happenings ordered by instant; an offer that was withdrawn, or a citizen who left,
makes a later happening void. The day goes on after closing until everybody was served or has left.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from msgspec import Struct

from router.core.effects import Divert, Offer, Pause, Refuse, Resume, SetAway, Withdraw
from router.core.events import Agent, Answer, Contact, Gone
from router.core.policy import SECOND
from router.simulate.draw import HOUR, TRIES
from router.simulate.pool import TICK
from router.simulate.talks import Talks

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.effects import Effect
    from router.core.events import Event
    from router.simulate.draw import Citizen
    from router.simulate.pool import Pool
    from router.simulate.scenario import Scenario, Team

AFTER_CLOSING = 4 * HOUR  # whoever still waits then is counted as never served


class Story(Struct):
    """What became of one citizen. Instants in microseconds; None: it never happened."""

    citizen: Citizen
    over: int  # when the lived day ends: whoever is there still has waited so long at least
    answered: int | None = None
    left: int | None = None
    offers: int = 0


class Centre:
    """One day. `live` it once; then read `stories`."""

    def __init__(self, scenario: Scenario, citizens: list[Citizen], pool: Pool) -> None:
        self.scenario = scenario
        self.pool = pool
        self.end = round(scenario.hours * HOUR) + AFTER_CLOSING
        self.stories = {citizen.name: Story(citizen, self.end) for citizen in citizens}
        self.teams: dict[str, Team] = {}
        self._present: set[str] = set()  # agents whose shift it is
        self._talks = Talks(self._plan, self._say)
        self._offers: dict[str, Offer] = {}
        self._order = count()
        self._heap: list[tuple[int, int, Callable[[int], None]]] = []
        self._ticks: set[int] = set()

    def live(self) -> None:
        """The whole day."""
        self._plan_agents()
        for story in self.stories.values():
            self._plan(story.citizen.arrives, self._arrival(story))
        while self._heap and self._heap[0][0] <= self.end:
            at, _, happen = heappop(self._heap)
            happen(at)

    def _plan(self, at: int, happen: Callable[[int], None]) -> None:
        heappush(self._heap, (at, next(self._order), happen))

    def _say(self, event: Event, at: int) -> None:
        for effect in self.pool.say(event, at):
            self._hear(effect, at)
        wake = self.pool.wake()
        if wake is not None and wake not in self._ticks:
            self._ticks.add(wake)
            self._plan(wake, self._tick)

    def _hear(self, effect: Effect, at: int) -> None:
        match effect:
            case Offer():
                self._offered(effect, at)
            case Withdraw():
                self._offers.pop(effect.offer, None)
            case SetAway():
                back = at + round(self.scenario.answering.back_s * SECOND)
                self._plan(back, lambda then: self._back(effect.agent, then))
            case Refuse():  # by a queue limit: told so, and gone
                self.stories[effect.contact].left = at
            case Divert():  # to the channel's own fallback: not served here
                self._plan(at, lambda then: self._leave(self.stories[effect.contact], then))
            case Pause():
                self._talks.pause(effect.contact, at)
            case Resume():
                self._talks.resume(effect.contact, at)
            case _:
                pass

    def _tick(self, at: int) -> None:
        self._ticks.discard(at)
        if self.pool.wake() == at:
            self._say(TICK, at)

    # ---- agents

    def _plan_agents(self) -> None:
        for number, team in enumerate(self.scenario.teams, 1):
            for place in range(team.count):
                name = f"t{number:03}-{place:05}"
                self.teams[name] = team
                for begins, ends in team.shifts or ((0.0, self.scenario.hours),):
                    self._plan(round(begins * HOUR), self._shift(name, team, "ready"))
                    self._plan(round(ends * HOUR), self._shift(name, team, "away"))

    def _shift(self, name: str, team: Team, state: str) -> Callable[[int], None]:
        event = (
            Agent(
                name,
                "ready",
                skills=dict(team.skills),
                capacity={str(channel): most for channel, most in team.capacity.items()},
            )
            if state == "ready"
            else Agent(name, "away")
        )

        def come_or_go(at: int) -> None:
            (self._present.add if state == "ready" else self._present.discard)(name)
            self._say(event, at)

        return come_or_go

    def _back(self, agent: str, at: int) -> None:
        """Whom the policy set away for missed offers says so again, unless their shift is over."""
        if agent in self._present:
            self._say(Agent(agent, "ready"), at)

    def _offered(self, offer: Offer, at: int) -> None:
        self._offers[offer.offer] = offer
        story = self.stories[offer.contact]
        chance = story.citizen.answers[story.offers % TRIES]
        story.offers += 1
        answering = self.scenario.answering
        if chance >= answering.missed:
            how = "declined" if chance < answering.missed + answering.declined else "accepted"
            self._plan(at + round(answering.after_s * SECOND), lambda then: self._answer(offer, how, then))

    def _answer(self, offer: Offer, how: str, at: int) -> None:
        if self._offers.pop(offer.offer, None) is None:
            return
        self._say(Answer(offer.offer, offer.contact, offer.agent, how), at)  # type: ignore[arg-type]
        if how == "accepted":
            self._talk(self.stories[offer.contact], offer.agent, at)

    def _talk(self, story: Story, agent: str, at: int) -> None:
        story.answered = at
        citizen, speed = story.citizen, self.teams[agent].speed
        ends = at + max(1, round(citizen.handling / speed))
        self._talks.begin(citizen.name, agent, ends, ends + round(citizen.wrap_up / speed))

    # ---- citizens

    def _arrival(self, story: Story) -> Callable[[int], None]:
        citizen, kind = story.citizen, story.citizen.kind

        def arrive(at: int) -> None:
            if citizen.patience is not None:
                self._plan(at + citizen.patience, lambda then: self._leave(story, then))
            self._say(
                Contact(
                    citizen.name, kind.channel, (dict(kind.needs),),
                    target=_micro(kind.target_s), due=_micro(kind.due_s), vulnerable=citizen.vulnerable,
                    topic=kind.topic, language=kind.language,
                ),
                at,
            )  # fmt: skip

        return arrive

    def _leave(self, story: Story, at: int) -> None:
        if story.answered is None and story.left is None:
            story.left = at
            self._say(Gone(story.citizen.name), at)


def _micro(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * SECOND)
