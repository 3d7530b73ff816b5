"""Deferrable work held back, so that agents are free for those who wait on the line.

An idle agent takes deferrable work (with a due time) only if enough others stay idle for each live kind they
serve, and for all live kinds together: `policy.reserve` per square root of the load these offer (square-root
staffing, so it fits any size), learnt from arrivals and handling. Kind by kind alone too few are kept where
the same few agents serve many kinds. The more work is to be done before it is due, the less is kept free;
`policy.press_before` its due time, or earlier when there is more than can be done in time, work is
*pressed*: never again held, and before all else. It never holds back live work, nor any work past its due
time, and never lets a contact overtake its equal (law 5): who is pressed presses whoever stands before them.

Counts are derived from the records, kept as agents come and go, and only while deferrable work waits.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from router.core.flow import ANY, ANY_KEY
from router.core.ladder import rung
from router.core.learnt import CHANNEL, WINDOW, KindRecord
from router.core.lines import FREE, HELD, PRESSED, hold_of
from router.core.needs import kind_key, needs_key
from router.core.policy import LIVE, SECOND
from router.core.timers import Timer, press_at
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.core.events import Needs
    from router.core.lines import Line
    from router.core.needs import KindKey, NeedsKey
    from router.core.state import AgentRecord, ContactRecord, State
    from router.core.turn import Turn

KEPT_MAX = 64  # live kinds that agents are kept free for; others, should there be more, are not
LOOK_EVERY = 10 * SECOND  # held work is looked at again so often, on this grid of event time
LOOKS_MAX = 16  # agents tried for one piece of held work
WHOLE = 1000
RELAXED = 500  # pressure, in thousandths of what can be done in time, at which nothing is held any more


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
            _reckon(state, key)
        _reckon(state, (contact.channel, CHANNEL))
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
        self.held = self.look_at = self.idle = 0
        self._kept.clear()
        self._places.clear()
        self._slack.clear()
        for key, record in state.kinds.items():
            if record.reserve and key[1]:
                self._keep(state, key, tuple(dict(minimums) for minimums in key[1]), record)
        self.touched.update(dict.fromkeys(state.agents))
        for contact in state.contacts.values():
            if contact.due_at is not None and state.in_line(contact):
                self.count(contact, 1)
        self.look_next(state)

    def count(self, contact: ContactRecord, one: int) -> None:
        """It joined its line, or left it."""
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


def _reckon(state: State, key: KindKey) -> None:
    """How many agents are to be idle for a kind, or for a whole channel."""
    busy = state.learnt.rate(state.now, *key) * state.learnt.handling(*key) // SECOND  # agents, in millionths
    load = busy // max(1, state.policy.channels[key[0]].capacity)
    state.kinds[key].reserve = max(1, state.policy.reserve * isqrt(load) // 1000)


def _wanted_in_all(state: State) -> int:
    """How many should be idle for all live kinds together, in thousandths: per square root of their sum."""
    whole = (state.kinds.get((channel, CHANNEL)) for channel in LIVE)
    fresh = (record for record in whole if record is not None and state.now - record.since < 2 * WINDOW)
    return isqrt(sum(record.reserve**2 for record in fresh))


def _serves(state: State, place: Place, kept: Kept) -> bool:
    named = place.capacity.get(kept.channel)
    capacity = state.policy.channels[kept.channel].capacity if named is None else named
    return capacity > 0 and eligible(place.skills, kept.needs)


def spares(state: State, agent: AgentRecord, contact: ContactRecord) -> bool:
    """Whether this agent may take a contact that is held, and stands in line: so many others are idle."""
    return Sparing(state, contact).spares(agent)


class Sparing:
    """The same of several agents, until anybody is offered anything: what must be left is reckoned once."""

    __slots__ = ("_contact", "_least", "_state")

    def __init__(self, state: State, contact: ContactRecord) -> None:
        self._state = state
        self._contact = contact
        self._least: int | None = None if state.policy.reserve else 0

    def spares(self, agent: AgentRecord) -> bool:
        """Whether this one may take it."""
        if self._least == 0:
            return True
        state = self._state
        slack = state.reserve.slack(state, agent)
        if slack >= WHOLE:
            return True
        if self._least is None:
            self._least = share(state, state.lines.line_of(self._contact.contact))
        return slack >= self._least


def share(state: State, line: Line) -> int:
    """How much of the reserve this line's work must leave: all when there is time, nothing under pressure."""
    return max(0, WHOLE - WHOLE * pressure(state, line) // RELAXED)


def pressure(state: State, line: Line) -> int:
    """Work of a line and its equals over what those able can do before the last is due, in thousandths.

    Or that of all deferrable work of the channel over what everybody can do, if it is more.
    """
    equals = [each for each in state.lines.equals(*line.kind[:3]) if each.family.hold == HELD]
    last = state.contacts[(line.last if equals == [line] else max(each.last for each in equals))[1]]
    left = max((last.due_at or 0) - state.now, SECOND)
    able = max(1, places(state, line.channel, line.needs, line.key))
    every = max(able, places(state, line.channel, ANY, ANY_KEY))
    many = len(line) if equals == [line] else sum(map(len, equals))
    most = max(many * every, state.reserve.waiting[line.channel] * able)
    return most * state.learnt.handling(line.channel, CHANNEL) * WHOLE // (able * every * left)


def places(state: State, channel: str, needs: Needs, key: NeedsKey) -> int:
    """How many such contacts those who are ready could have in hand at once."""
    return state.able.places(state.agents, state.policy, channel, needs, key)


# ---- what becomes of held work: called as it joins and leaves lines, and when a timer says so


def joins(turn: Turn, contact: ContactRecord) -> None:
    """Right before it joins a line."""
    state = turn.state
    deferrable = contact.due_at is not None
    pressed = (contact.pressed or state.now >= press_at(state, contact)) if deferrable else False
    pressed = pressed or _is_before(state, contact, (PRESSED, FREE) if deferrable else (PRESSED,))
    if pressed != contact.pressed:
        contact.pressed = pressed
        turn.touch(contact)
    if deferrable:
        state.reserve.count(contact, 1)


def joined(turn: Turn, contact: ContactRecord) -> None:
    """Now it stands there: of equals those who are pressed stand first, and those who may be held last."""
    hold = hold_of(contact)
    if hold != HELD:
        press_before(turn, contact, (HELD, FREE) if hold == PRESSED else (HELD,))
    if contact.due_at is not None:
        turn.state.reserve.look_next(turn.state)


def left(state: State, contact: ContactRecord) -> None:
    """It left its line."""
    if contact.due_at is not None:
        state.reserve.count(contact, -1)


def press(turn: Turn, contact: ContactRecord) -> None:
    """It is held no longer, nor are those of its equals who stand before it."""
    turn.leave_line(contact)
    contact.pressed = True
    turn.touch(contact)
    turn.join_line(contact)


def press_before(turn: Turn, contact: ContactRecord, holds: tuple[int, ...]) -> None:
    """Those of its equals who stand before it, in lines of these kinds."""
    for line in list(_equals(turn.state, contact)):
        if line.kind.hold in holds:
            for _, name in line.places[: line.before(contact.rank, contact.contact)]:
                press(turn, turn.state.contacts[name])


def look(turn: Turn) -> None:
    """Every so often: what cannot all be done in time is pressed, and the first of each line may go."""
    state = turn.state
    for line in state.lines.of_hold(HELD):
        if not len(line):  # pressed meanwhile, with its equals
            continue
        turn.contacts[line.head[1]] = None
        over = pressure(state, line) - WHOLE
        if over > 0:
            excess = max(1, len(line) * over // (over + WHOLE))
            press(turn, state.contacts[line.places[excess - 1][1]])
    state.reserve.look_next(state)


def ruled(turn: Turn) -> None:
    """Another policy rules: counts and timers anew."""
    state = turn.state
    state.reserve.rebuild(state)
    for contact in state.contacts.values():
        if contact.due_at is None or contact.pressed or not state.in_line(contact):
            continue
        if press_at(state, contact) <= state.now:
            press(turn, contact)
        else:
            state.timers.add(Timer(press_at(state, contact), "press", contact.contact))


def _is_before(state: State, contact: ContactRecord, holds: tuple[int, ...]) -> bool:
    """Whether an equal in a line of these kinds stands behind it."""
    place = (contact.rank, contact.contact)
    return any(line.kind.hold in holds and line.last > place for line in _equals(state, contact))


def _equals(state: State, contact: ContactRecord) -> Iterable[Line]:
    return state.lines.equals(contact.channel, needs_key(contact.needs), rung(contact.target))
