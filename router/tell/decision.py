"""One decision about a contact, as the archive has it: what was done, why, and what would have changed it.

Plain data in integer microseconds. It holds all that an auditor may see: `sight` takes from it what others
may not.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.change import Change
from router.core.effects import Offer, Requeue, Withdraw
from router.core.events import Needs
from router.core.rivals import Order, Passed
from router.core.state import ContactRecord, State
from router.core.why import Profile, Why

EQUAL = "equal"  # what parted two agents of equal points: a fixed order


class Credit(Struct, frozen=True):
    """By how much the place in line is better than the arrival, and for what reasons."""

    granted: int
    causes: tuple[str, ...]  # words of `router.tell.terms`


class Moved(Struct, frozen=True, omit_defaults=True):
    """A supervisor's act that rules now: whither, by whom, for what reason."""

    to: str
    by: str
    reason: str
    at: int


class About(Struct, frozen=True, omit_defaults=True):
    """The contact at that instant."""

    contact: str
    channel: str
    topic: str
    needs: Needs
    arrived_at: int  # first arrival
    waited: int  # since, until this decision
    target: int
    position: int | None = None  # in its line, while it waits
    credit: Credit | None = None
    moved: Moved | None = None
    reason: str = ""  # why it was gone


class Passes(Struct, frozen=True, omit_defaults=True):
    """How often others were offered while it waited, since the decision before."""

    times: int
    unable: dict[str, int] = {}  # reason why that agent could not have it -> how often
    behind: dict[str, int] = {}  # term by which the other was ahead -> how often
    last: Passed | None = None  # the last time that the agent could have had it
    changes: tuple[Change, ...] = ()  # what would have made it be offered instead, that time


class Decision(Struct, frozen=True, omit_defaults=True):
    """What entry `n` did with the contact; `why` where it offered it to somebody, or left it waiting."""

    n: int
    at: int
    event: str
    state: str  # the contact's, right after
    about: About
    effects: tuple[Offer | Withdraw | Requeue, ...] = ()
    why: Why | None = None
    decided: str = ""  # with an offer that others could have had: the term that parted them, or `equal`
    order: Order | None = None  # with an offer: who else waited
    passes: Passes | None = None
    changes: tuple[Change, ...] = ()


def about(state: State, record: ContactRecord, at: int, causes: tuple[str, ...] = ()) -> About:
    """The contact as the state has it, at that instant; the causes of its credit are in its arrival alone."""
    moved = record.moved
    granted = record.arrived_at - (record.rank if moved is None else moved.rank)
    return About(
        record.contact,
        record.channel,
        record.topic,
        record.needs,
        record.arrived_at,
        (record.served_at or at) - record.arrived_at,
        record.target,
        state.lines.position(record) if state.in_line(record) else None,
        Credit(granted, causes) if granted else None,
        Moved(moved.to, moved.by, moved.reason, moved.at) if moved else None,
        record.reason if record.state == "gone" else "",
    )


class Told(Decision, frozen=True, omit_defaults=True):
    """A decision with its sentences."""

    sentences: tuple[str, ...] = ()


def nearest(why: Why) -> Profile | None:
    """The best of the others who could have had it."""
    able = [each for each in why.profiles if each.score is not None and each.agent not in ("", why.agent)]
    return min(able, key=lambda each: (each.behind or 0, each.agent), default=None)


def decided(why: Why) -> str:
    """The term by which the winner was most ahead of the nearest; empty where there was nobody else."""
    rival = nearest(why)
    if rival is None:
        return "idle" if _alike(why) else ""
    names = sorted({*why.terms, *rival.terms})
    ahead = {name: why.terms.get(name, 0) - rival.terms.get(name, 0) for name in names}
    best = max(names, key=lambda name: ahead[name])
    return best if ahead[best] > 0 else EQUAL


def _alike(why: Why) -> bool:
    """Whether others of the winner's own profile could have had it."""
    return any(
        each.agent == why.agent and each.agents - sum(each.excluded.values()) > 1 for each in why.profiles
    )
