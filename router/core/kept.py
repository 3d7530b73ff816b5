"""For which live kinds agents are kept idle, how many should be, and how many are.

How many is `policy.reserve` per square root of the load a kind offers (square-root staffing, so it fits any
size), learnt from arrivals and handling; and the same of all live kinds together. Counts are derived from the
records, kept as agents come and go, and asked for only while deferrable work waits. What becomes of that work
is `reserve`'s to say; nothing here knows a line.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from router.core.learnt import CHANNEL, WINDOW, KindRecord, rate_of
from router.core.needs import kind_key
from router.core.policy import LIVE, SECOND
from router.core.timers import Timer
from skills.eligibility import eligible

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.needs import KindKey
    from router.core.state import AgentRecord, ContactRecord, State

KEPT_MAX = 64  # live kinds that agents are kept free for; others, should there be more, are not
LOOK_EVERY = 10 * SECOND  # held work is looked at again so often, on this grid of event time
WHOLE = 1000


class Kept:
    """A live kind that agents are kept idle for, and how many who serve it are."""

    __slots__ = ("channel", "idle", "needs", "record")

    def __init__(self, channel: str, needs: Needs, record: KindRecord) -> None:
        self.channel = channel
        self.needs = needs
        self.record = record
        self.idle = 0

    def wanted(self, now: int) -> int:
        """How many should be idle, in thousandths; none once nobody came for long."""
        return self.record.reserve if now - self.record.since < 2 * WINDOW else 0


class Place:
    """What an agent can serve of what is kept for, and whether they are counted as idle."""

    __slots__ = ("capacity", "idle", "kept", "skills")

    def __init__(self, agent: AgentRecord) -> None:
        self.skills = agent.skills
        self.capacity = agent.capacity
        self.kept: list[Kept] = []
        self.idle = False


class Reserve:
    """Derived: rebuilt from the records."""

    def __init__(self) -> None:
        self.touched: dict[str, None] = {}  # agents who may have changed
        self.waiting: dict[str, int] = {}  # channel -> deferrable contacts in line
        self.held = 0  # how many of these are not pressed
        self.pressed: dict[str, int] = {}  # channel -> who is pressed, deferrable or before such work
        self.look_at = 0  # when held work is looked at again, 0: never
        self.idle = 0  # of those who serve any kind that is kept for
        self._kept: dict[KindKey, Kept] = {}
        self._places: dict[str, Place] = {}
        self._slack: dict[str, int] = {}  # as of `_slack_at`
        self._slack_at = -1
        self._wanted = 0  # for all live kinds together, while `_slack` holds anything

    # ---- which kinds, and how many agents for each

    def came(self, state: State, contact: ContactRecord) -> None:
        """One more live contact: how many agents should be kept free for its like is reckoned anew."""
        if contact.due_at is not None or contact.channel not in LIVE:
            return
        key = kind_key(contact)
        record = state.kinds[key]
        if record.reserve or self._admit(state, key, contact.needs, record):
            _reckon(state, record)
        _reckon(state, state.kinds[contact.channel, CHANNEL])
        self._slack.clear()

    def _admit(self, state: State, key: KindKey, needs: Needs, record: KindRecord) -> bool:
        if len(self._kept) >= KEPT_MAX:
            for name, kept in list(self._kept.items()):
                if not kept.wanted(state.now):
                    kept.record.reserve = 0
                    state.marks.kinds.add(name)
                    del self._kept[name]
            for place in self._places.values():
                served = bool(place.kept)
                place.kept = [kept for kept in place.kept if kept.record.reserve]
                self.idle -= place.idle and served and not place.kept
        if len(self._kept) >= KEPT_MAX:
            return False
        self._keep(state, key, needs, record)
        return True

    def _keep(self, state: State, key: KindKey, needs: Needs, record: KindRecord) -> None:
        kept = self._kept[key] = Kept(key[0], needs, record)
        for place in self._places.values():
            if _serves(state, place, kept):
                kept.idle += place.idle
                self.idle += place.idle and not place.kept
                place.kept.append(kept)

    def rebuild(self, state: State) -> None:
        """From the records alone."""
        self.touched.clear()
        self.waiting.clear()
        self.pressed.clear()
        self.held = self.look_at = self.idle = 0
        self._kept.clear()
        self._places.clear()
        self._slack.clear()
        for key, record in state.kinds.items():
            if record.reserve and key[1]:
                self._keep(state, key, tuple(dict(minimums) for minimums in key[1]), record)
        self.touched.update(dict.fromkeys(state.agents))
        for contact in state.contacts.values():
            if state.in_line(contact):
                self.count(contact, 1)
        self.look_next(state)

    def count(self, contact: ContactRecord, one: int) -> None:
        """It joined its line, or left it."""
        if contact.pressed:
            self.pressed[contact.channel] = self.pressed.get(contact.channel, 0) + one
        if contact.due_at is None:
            return
        self.waiting[contact.channel] = self.waiting.get(contact.channel, 0) + one
        self.held += 0 if contact.pressed else one
        if not self.held:
            self.look_at = 0

    # ---- whether an agent can be spared

    def slack(self, state: State, agent: AgentRecord) -> int:
        """How far the reserve is filled without this agent, in thousandths: the least of all its parts."""
        if self.touched:
            self._settle(state)
        if self._slack_at != state.now:
            self._slack.clear()
            self._slack_at = state.now
        if not self._slack:
            self._wanted = _wanted_in_all(state)
        slack = self._slack.get(agent.agent)
        if slack is None:
            slack = self._slack[agent.agent] = self._least(state, self._places[agent.agent])
        return slack

    def _least(self, state: State, place: Place) -> int:
        least = WHOLE
        if place.kept and self._wanted:
            least = min(least, (self.idle - place.idle) * WHOLE * WHOLE // self._wanted)
        for kept in place.kept:
            wanted = kept.wanted(state.now)
            if wanted:
                least = min(least, (kept.idle - place.idle) * WHOLE * WHOLE // wanted)
        return least

    def _settle(self, state: State) -> None:
        for name in self.touched:
            agent = state.agents[name]
            place = self._places.get(name)
            if place is None or place.skills is not agent.skills or place.capacity is not agent.capacity:
                place = self._anew(state, agent, place)
            idle = agent.state == "ready" and not agent.hands and not agent.releasing
            if idle != place.idle:
                place.idle = idle
                self._count(place, 1 if idle else -1)
        self.touched.clear()
        self._slack.clear()

    def _anew(self, state: State, agent: AgentRecord, before: Place | None) -> Place:
        if before is not None and before.idle:
            self._count(before, -1)
        place = self._places[agent.agent] = Place(agent)
        place.kept = [kept for kept in self._kept.values() if _serves(state, place, kept)]
        return place

    def _count(self, place: Place, one: int) -> None:
        """One more, or less, who is idle."""
        self.idle += one if place.kept else 0
        for kept in place.kept:
            kept.idle += one

    def look_next(self, state: State, anew: bool = False) -> None:
        """While work is held, it is looked at again at the next instant of the grid."""
        if self.held and (anew or self.look_at <= state.now):
            self.look_at = (state.now // LOOK_EVERY + 1) * LOOK_EVERY
            state.timers.add(Timer(self.look_at, "look", ""))


def _reckon(state: State, record: KindRecord) -> None:
    """How many agents are to be idle for a kind, or for a whole channel."""
    handling = state.learnt.handling(record.channel, record.needs)
    busy = rate_of(record, state.now) * handling // SECOND  # agents, in millionths
    load = busy // max(1, state.policy.channels[record.channel].capacity)
    record.reserve = max(1, state.policy.reserve * isqrt(load) // 1000)


def _wanted_in_all(state: State) -> int:
    """How many should be idle for all live kinds together, in thousandths: per square root of their sum."""
    whole = (state.kinds.get((channel, CHANNEL)) for channel in LIVE)
    fresh = (record for record in whole if record is not None and state.now - record.since < 2 * WINDOW)
    return isqrt(sum(record.reserve**2 for record in fresh))


def _serves(state: State, place: Place, kept: Kept) -> bool:
    named = place.capacity.get(kept.channel)
    capacity = state.policy.channels[kept.channel].capacity if named is None else named
    return capacity > 0 and eligible(place.skills, kept.needs)
