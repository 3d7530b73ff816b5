"""What nobody saw of a day, drawn once for every policy: patience, durations, how soon agents answer.

Common random numbers: what is drawn for a contact depends on the seed, the replication and its place in the
day alone. What was recorded is never drawn: a recorded talk lasts as long as it did, whoever leads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from router.core.policy import SECOND
from router.whatif.day import Day, Leg, Visit
from router.whatif.patience import Patience

ENOUGH = 20  # durations of a kind; with fewer the channel's are drawn from
USUAL_TALK, USUAL_ANSWER = 300 * SECOND, 3 * SECOND  # where nothing was recorded at all
TRIES = 8  # drawn answers for each wait; a longer row of offers starts over

Kind = tuple[str, ...]


class Plan(Struct):
    """One wait and its conversation, complete. Durations in microseconds; patience None: never leaves."""

    patience: int | None
    talk: int
    wrap_up: int
    answers: tuple[int, ...]  # until an agent accepts, for offers that nobody saw


class Learnt:
    """What the record teaches."""

    def __init__(self, day: Day) -> None:
        waits: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        self._talks: dict[Kind, list[int]] = defaultdict(list)
        self._wraps: dict[Kind, list[int]] = defaultdict(list)
        self._answers: dict[str, list[int]] = defaultdict(list)
        for visit in day.visits:
            channel = visit.event.channel
            for leg in visit.legs:
                if (until := over(visit, leg)) is not None:
                    gave_up = leg.answered is None and not visit.turned_away
                    waits[channel].append((until - leg.began, gave_up))
                elif visit.counted:
                    waits[channel].append((max(0, day.end - leg.began), False))
                talk, wrap_up = talk_of(leg), wrap_up_of(leg)
                for kind in kinds(visit):
                    if talk is not None:
                        self._talks[kind].append(talk)
                    if wrap_up is not None:
                        self._wraps[kind].append(wrap_up)
                self._answers[channel] += [reply.after for reply in leg.replies if reply.how == "accepted"]
        self.patience = {channel: Patience(told) for channel, told in waits.items()}
        for table in (self._talks, self._wraps, self._answers):
            for durations in table.values():
                durations.sort()

    def talk(self, visit: Visit, luck: float) -> int:
        return likely(self._talks, visit, luck, USUAL_TALK)

    def wrap_up(self, visit: Visit, luck: float) -> int:
        return likely(self._wraps, visit, luck, 0)

    def answer(self, visit: Visit, luck: float) -> int:
        seen = self._answers.get(visit.event.channel)
        return quantile(seen, luck) if seen else USUAL_ANSWER


def draw(day: Day, learnt: Learnt, seed: int, replication: int) -> list[list[Plan]]:
    """For each visit, and each of its waits."""
    rng = np.random.default_rng([seed, replication])
    luck = rng.random((sum(len(visit.legs) for visit in day.visits), 3 + TRIES))
    rows = iter(luck.tolist())
    return [[_plan(day, learnt, visit, leg, next(rows)) for leg in visit.legs] for visit in day.visits]


def _plan(day: Day, learnt: Learnt, visit: Visit, leg: Leg, luck: list[float]) -> Plan:
    talk, wrap_up = talk_of(leg), wrap_up_of(leg)
    if talk is None:
        talk = learnt.talk(visit, luck[1])
        if leg.answered is not None:  # it went on when the record ended
            talk = max(talk, day.end - leg.answered)
    answers = tuple(learnt.answer(visit, each) for each in luck[3:])
    return Plan(
        _patience(day, learnt, visit, leg, luck[0]),
        talk,
        learnt.wrap_up(visit, luck[2]) if wrap_up is None else wrap_up,
        answers,
    )


def _patience(day: Day, learnt: Learnt, visit: Visit, leg: Leg, luck: float) -> int | None:
    """From the beginning of this wait. Known of who left; of who was served or turned away, more than it."""
    if leg.answered is None and visit.left is not None and not visit.turned_away:
        return max(0, visit.left - leg.began)
    told = learnt.patience.get(visit.event.channel)
    ended = over(visit, leg)
    beyond = max(0, (day.end if ended is None else ended) - leg.began)
    return told.draw(luck, beyond) if told is not None else None


def over(visit: Visit, leg: Leg) -> int | None:
    """When this wait ended; None: nobody saw it end."""
    return leg.answered if leg.answered is not None else visit.left


def talk_of(leg: Leg) -> int | None:
    """How long the conversation lasted, if it was seen to end."""
    ended = leg.ended if leg.ended is not None else (leg.again_at if leg.again is not None else None)
    return None if ended is None or leg.answered is None else max(0, ended - leg.answered)


def wrap_up_of(leg: Leg) -> int | None:
    """How long the agent was still with it; a transfer ends it."""
    if leg.again is not None:
        return max(0, leg.again_at - leg.ended) if leg.ended is not None else 0
    if leg.ended is None:
        return None
    return max(0, leg.done - leg.ended) if leg.done is not None else leg.wrap_by_core


def kinds(visit: Visit) -> tuple[Kind, ...]:
    """From the most particular to everybody."""
    event = visit.event
    return (event.channel, event.topic, event.language), (event.channel,), ()


def likely(table: dict[Kind, list[int]], visit: Visit, luck: float, otherwise: int) -> int:
    """From the most particular kind of which enough was seen."""
    found: Callable[[Kind], list[int]] = lambda kind: table.get(kind, [])  # noqa: E731
    for kind in kinds(visit):
        if len(found(kind)) >= ENOUGH:
            return quantile(found(kind), luck)
    seen = next((found(kind) for kind in kinds(visit) if found(kind)), None)
    return quantile(seen, luck) if seen else otherwise


def quantile(rising: list[int], luck: float) -> int:
    """One of them, each as likely."""
    return rising[min(len(rising) - 1, int(luck * len(rising)))]
