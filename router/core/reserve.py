"""Deferrable work held back, so that agents are free for those who wait on the line.

An idle agent takes deferrable work (with a due time) only if enough others stay idle for each live kind they
serve, and for all live kinds together (`kept` counts them): kind by kind alone too few are kept where the
same few agents serve many kinds. The more work is to be done before it is due, the less is kept free;
`policy.press_before` its due time, or earlier when there is more than can be done in time, work is
*pressed*: never again held, and before all else. It never holds back live work, nor any work past its due
time, and never lets a contact overtake its equal (law 5): who is pressed presses whoever stands before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.flow import ANY, ANY_KEY
from router.core.kept import WHOLE
from router.core.ladder import rung
from router.core.learnt import CHANNEL
from router.core.line import FREE, HELD, PRESSED, hold_of
from router.core.needs import needs_key
from router.core.policy import SECOND
from router.core.timers import Timer, press_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.core.events import Needs
    from router.core.line import Line
    from router.core.needs import NeedsKey
    from router.core.state import AgentRecord, ContactRecord, State
    from router.core.turn import Turn

LOOKS_MAX = 16  # agents tried for one piece of held work


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
    """How much of the reserve this line's work must leave: none once it fills all the time until it is due.

    Falling to none at half of that already lost 0.01 to 0.02 of service more (docs/policy-figures.md).
    """
    return max(0, WHOLE - pressure(state, line))


def pressure(state: State, line: Line) -> int:
    """Work of a line and its equals over what those able can do before the last is due, in thousandths.

    Or that of all deferrable work of the channel over what everybody can do, if it is more.
    """
    many, last = len(line), line.last
    for each in state.lines.kin(line):
        if each is not line and each.family.hold == HELD and len(each):
            many, last = many + len(each), max(last, each.last)
    left = max((state.contacts[last[1]].due_at or 0) - state.now, SECOND)
    able = max(1, places(state, line.channel, line.needs, line.key))
    every = max(able, places(state, line.channel, ANY, ANY_KEY))
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
    if not pressed and (deferrable or state.reserve.pressed.get(contact.channel)):
        pressed = _is_before(state, contact, (PRESSED, FREE) if deferrable else (PRESSED,))
    if pressed != contact.pressed:
        contact.pressed = pressed
        turn.touch(contact)
    if deferrable or pressed:
        state.reserve.count(contact, 1)


def joined(turn: Turn, contact: ContactRecord) -> None:
    """Now it stands there: of equals those who are pressed stand first, and those who may be held last."""
    hold = hold_of(contact)
    if hold == PRESSED or (hold != HELD and turn.state.reserve.waiting.get(contact.channel)):
        press_before(turn, contact, (HELD, FREE) if hold == PRESSED else (HELD,))
    if contact.due_at is not None:
        turn.state.reserve.look_next(turn.state)


def left(state: State, contact: ContactRecord) -> None:
    """It left its line."""
    if contact.due_at is not None or contact.pressed:
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
