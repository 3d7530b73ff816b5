"""What would have changed a decision: a few single changes, each the least of its kind, each tried. Pure.

It looks at the nearest agent of each outcome, at the contact itself and at the weights; then the recorded
step is taken again with each. What stays is what gave another result. Bounded: at most TRIES steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, structs

from router.core.change import Change, Kind, Moment, outcome
from router.core.may import has_room, reachable
from router.core.score import Score, score
from router.core.snapshot import thaw
from router.core.state import AgentRecord, ContactRecord, State
from router.core.step import step
from router.core.why import ABLE, exclusion
from skills.eligibility import meets, missing

MENDS: dict[str, Kind] = {"away": "ready", "offline": "ready", "busy": "free", "refused": "not_refused"}
TRIES = 80
EARLIEST = 36 * 3600  # seconds: who came so much earlier and still was not first needs another answer
LEVELS = 10


class Near(Struct, frozen=True):
    """The agent who came closest, of those with one outcome."""

    outcome: str
    agent: str
    lacks: dict[str, int]
    skills: dict[str, int]


class Seen(Struct):
    """The state at the instant of the decision, as far as changes depend on it."""

    recorded: str = ""  # to whom the contact was offered; empty: to nobody
    near: dict[str, Near] = {}
    asked: tuple[str, ...] = ()  # skills that the contact needs
    credited: bool = False
    others: bool = False  # somebody else was offered in the same step
    unlike: set[str] = set()  # terms in which rivals for this decision differ: other weights decide nothing


def changes(moment: Moment, contact: str) -> tuple[Change, ...]:
    """In a fixed order; empty where nothing single that is looked at would have mattered."""
    return tuple(Search(moment, contact).run())


class Search:
    """One question, and how often the step was taken again for it."""

    def __init__(self, moment: Moment, contact: str) -> None:
        self._moment, self._contact, self._tries = moment, contact, 0
        self._seen = seen(moment, contact)

    def run(self) -> Iterator[Change]:
        for found in (*self._of_agents(), *self._of_contact(), *self._of_weights()):
            if found is not None:
                yield found

    def _of_agents(self) -> Iterator[Change | None]:
        near = self._seen.near
        for reason, kind in MENDS.items():
            if reason in near:
                yield self._tried(Change(kind, agent=near[reason].agent))
        if "another_preferred" in near:
            yield self._tried(Change("no_preference"))
        if "lacks_skill" in near:
            each = near["lacks_skill"]
            for skill, level in each.lacks.items():
                yield self._raised(each, skill, level - 1)
        if ABLE in near:
            each = near[ABLE]
            raised = (self._raised(each, skill, each.skills.get(skill, 0)) for skill in self._seen.asked)
            yield next(filter(None, raised), None)

    def _of_contact(self) -> Iterator[Change | None]:
        seen = self._seen
        if not seen.recorded:
            if "lacks_skill" in seen.near:
                each = seen.near["lacks_skill"]
                for skill, level in each.lacks.items():
                    held = each.skills.get(skill, 0)
                    yield self._tried(Change("needs", skill=skill, level=held, was=level))
            if seen.others:
                yield self._earlier()
                if not seen.credited:
                    yield self._tried(Change("credit"))
        elif seen.credited:
            yield self._tried(Change("no_credit"))

    def _of_weights(self) -> Iterator[Change | None]:
        weights = structs.asdict(thaw(self._moment.before).policy.weights)
        for name in (name for name in weights if name in self._seen.unlike):
            for far in (0, 10 * weights[name] or 10):
                yield self._weighed(name, weights[name], far)

    def _raised(self, near: Near, skill: str, below: int) -> Change | None:
        """The least level above `below` with which this very agent would have been chosen."""
        was = near.skills.get(skill, 0)

        def at(level: int) -> Change | None:
            change = self._tried(Change("skill", agent=near.agent, skill=skill, level=level, was=was))
            return change if change is not None and change.result == near.agent else None

        return least(at, below, LEVELS) if below < LEVELS else None

    def _earlier(self) -> Change | None:
        """By how many whole seconds at least."""

        def at(seconds: int) -> Change | None:
            return self._tried(Change("earlier", seconds=seconds))

        below, above = 0, 1
        while above < EARLIEST and at(above) is None:
            below, above = above, above * 4
        return least(at, below, min(above, EARLIEST))

    def _weighed(self, name: str, value: int, far: int) -> Change | None:
        """The value nearest to the one that ruled, towards `far`."""
        sign = 1 if far > value else -1

        def at(distance: int) -> Change | None:
            return self._tried(Change("weight", weight=name, value=value + sign * distance, was=value))

        return least(at, 0, abs(far - value)) if far != value else None

    def _tried(self, change: Change) -> Change | None:
        """The change with what it gives, if that differs from what was."""
        self._tries += 1
        if self._tries > TRIES:
            return None
        result = outcome(self._moment, self._contact, change)
        if result is None or result == self._seen.recorded:
            return None
        return structs.replace(change, result=result)


def least(at: Callable[[int], Change | None], below: int, above: int) -> Change | None:
    """The least amount over `below`, up to `above`, that gives a change, if `above` does."""
    found = at(above)
    while found is not None and above - below > 1:
        middle = (below + above) // 2
        nearer = at(middle)
        if nearer is None:
            below = middle
        else:
            above, found = middle, nearer
    return found


def seen(moment: Moment, contact: str) -> Seen:
    """Take the step as it was, and look at the instant at which the contact was offered, or at its end."""
    state = thaw(moment.before)
    found = Seen()

    def witness(offered: ContactRecord, agent: AgentRecord, worth: Score) -> None:
        if offered.contact == contact:
            found.recorded = agent.agent
            look(found, state, offered, agent.agent)
            return
        found.others = True
        waiting = state.contacts.get(contact)
        if waiting is not None and state.in_line(waiting) and not exclusion(state, waiting, agent):
            differ(found, worth, score(state, waiting, agent))

    state.witness = witness
    step(state, moment.event, moment.at, moment.origin)
    record = state.contacts.get(contact)
    if not found.recorded and record is not None:
        look(found, state, record, "")
    return found


def look(found: Seen, state: State, contact: ContactRecord, winner: str) -> None:
    """Note the nearest agent of each outcome, and what of the contact matters."""
    won = score(state, contact, state.agents[winner]) if winner else Score(0, {})
    best: dict[str, tuple[tuple[int, int, int, int, str], Near]] = {}
    for agent in state.agents.values():
        if agent.agent == winner:
            continue
        reason = exclusion(state, contact, agent) or ABLE
        lacks = missing(agent.skills, contact.needs) if reason == "lacks_skill" else {}
        if reason == "lacks_skill" and not (
            len(lacks) == 1 and has_room(state, agent, contact.channel) and reachable(agent, contact.via)
        ):
            continue
        short = sum(level - agent.skills.get(skill, 0) for skill, level in lacks.items())
        worth = 0
        if not lacks:
            own = score(state, contact, agent)
            worth = own.total
            if reason == ABLE and winner:
                differ(found, won, own)
        key = (len(lacks), short, -worth, agent.idle_since, agent.agent)
        if reason not in best or key < best[reason][0]:
            best[reason] = key, Near(reason, agent.agent, lacks, dict(agent.skills))
    found.near = {reason: near for reason, (_, near) in best.items()}
    found.credited = contact.moved is None and contact.rank < contact.arrived_at
    levels = state.agents[winner].skills if winner else {}
    met = (minimums for minimums in contact.needs if meets(levels, minimums))
    found.asked = tuple(sorted({skill for minimums in met for skill in minimums}))


def differ(found: Seen, one: Score, other: Score) -> None:
    """Note the terms in which they are unlike."""
    for name in {*one.terms, *other.terms}:
        if one.terms.get(name, 0) != other.terms.get(name, 0):
            found.unlike.add(name)
