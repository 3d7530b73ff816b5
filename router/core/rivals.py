"""Why this contact and not another one that waited: the order among contacts, at one decision. Reads only.

An agent is offered the first suitable contact of the best line, so it is enough to hold the first of each
line against the winner; those behind it in its line came later. Its cost is that of the lines, not of those
who wait.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.score import Score, score
from router.core.state import AgentRecord, ContactRecord, State
from router.core.why import exclusion

NEAREST = 6  # rivals shown
FIRST = "first"  # of equal points: the earlier rank, then the lower id


class Rival(Struct, frozen=True, omit_defaults=True):
    """Who else could have been offered to that agent: the first of another line, or a contact asked about."""

    contact: str
    channel: str
    topic: str
    terms: dict[str, int]
    score: int
    behind: int  # points short of the winner's
    by: str  # the term that parted them most, or `first`


class Order(Struct, frozen=True, omit_defaults=True):
    """The winner's place among all who waited."""

    waiting: int  # contacts in all lines, the winner too
    rivals: tuple[Rival, ...] = ()  # the nearest first
    lines: int = 0  # how many other lines had a contact for this agent
    later: int = 0  # contacts behind the winner in its own line
    barred: dict[str, int] = {}  # reason -> of the first in each line, how many this agent could not take


class Passed(Struct, frozen=True, omit_defaults=True):
    """A contact that waited while another one was offered: why not this one."""

    contact: str  # the one that was offered
    agent: str  # to whom
    reason: str = ""  # why this agent could not have the one that waited, a word of `why.REASONS`
    terms: dict[str, int] = {}  # of the one that waited
    against: dict[str, int] = {}  # of the one that was offered
    behind: int = 0
    by: str = ""


def order(state: State, contact: ContactRecord, agent: AgentRecord, worth: Score) -> Order:
    """Everybody in line against the contact that is about to be offered."""
    waiting = later = 0
    rivals: list[Rival] = []
    barred: dict[str, int] = {}
    for line in state.lines:
        waiting += len(line.places)
        rival, reason = None, ""
        for place, (_, name) in enumerate(line.places[:NEAREST]):
            if name == contact.contact:
                later = len(line.places) - place - 1
                break
            reason = exclusion(state, state.contacts[name], agent)
            if not reason:
                rival = state.contacts[name]
                break
            barred[reason] = barred.get(reason, 0) + 1
        if rival is not None:
            rivals.append(_rival(state, rival, agent, worth))
    rivals.sort(key=lambda each: (each.behind, each.contact))
    return Order(waiting, tuple(rivals[:NEAREST]), len(rivals), later, barred)


def passed(
    state: State, waiting: ContactRecord, offered: ContactRecord, agent: AgentRecord, worth: Score
) -> Passed:
    """Why the one that waits was not the one that is about to be offered."""
    reason = exclusion(state, waiting, agent)
    if reason:
        return Passed(offered.contact, agent.agent, reason)
    own = score(state, waiting, agent)
    return Passed(
        offered.contact, agent.agent, "", own.terms, worth.terms, worth.total - own.total, parted(worth, own)
    )


def _rival(state: State, rival: ContactRecord, agent: AgentRecord, worth: Score) -> Rival:
    own = score(state, rival, agent)
    return Rival(
        rival.contact,
        rival.channel,
        rival.topic,
        own.terms,
        own.total,
        worth.total - own.total,
        parted(worth, own),
    )


def parted(worth: Score, own: Score) -> str:
    """The term by which the winner was ahead most."""
    if worth.total == own.total:
        return FIRST
    names = sorted({*worth.terms, *own.terms})
    return max(names, key=lambda name: (worth.terms.get(name, 0) - own.terms.get(name, 0), name))
