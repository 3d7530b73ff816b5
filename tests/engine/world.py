"""What a stranger knows of the centre: agents, contacts and offers, kept only from lines sent and received.

It follows `engine-protocol.md` alone and must never look into the engine. Times are integer microseconds.
Nothing here judges: `laws` does.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

SECOND = 1_000_000
EXPIRY = 15 * SECOND
PAUSE = 30 * SECOND
CREDIT_CAP = 120 * SECOND
EXCLUSIVE = frozenset({"phone", "counter", "appointment", "callback", "outreach", "email"})
CHANNELS = EXCLUSIVE | {"chat"}
QUICK = frozenset({"phone", "chat", "callback", "counter"})
STATES = ("waiting", "offered", "connected", "wrap_up", "ended", "gone")
LIVE = frozenset(STATES[:4])

Needs = tuple[tuple[tuple[str, float], ...], ...]
"""Alternatives in canonical order; equal needs compare equal however they were written."""


def micros(seconds: float) -> int:
    return round(seconds * SECOND)


def default_target(channel: str) -> int:
    return (60 if channel in QUICK else 3600) * SECOND


def canonical(needs: dict[str, float] | list[dict[str, float]]) -> Needs:
    alternatives = [needs] if isinstance(needs, dict) else needs
    return tuple(sorted({tuple(sorted(one.items())) for one in alternatives}))


@dataclass
class Agent:
    name: str
    state: str = "offline"
    skills: dict[str, float] = field(default_factory=dict)
    capacity: dict[str, int] = field(default_factory=dict)
    hand: dict[str, str] = field(default_factory=dict)
    """Contact -> channel: open offers, conversations and wrap-up alike."""
    known: dict[Needs, bool] = field(default_factory=dict)
    """What `skilled` has found; a new one with other skills."""

    def free(self, channel: str) -> bool:
        """Room for one more of `channel`. An exclusive channel wants empty hands and shares with nothing."""
        allowed = self.capacity.get(channel, 3 if channel == "chat" else 1)
        held = list(self.hand.values())
        if not held:
            return allowed > 0
        return channel not in EXCLUSIVE and EXCLUSIVE.isdisjoint(held) and held.count(channel) < allowed

    def skilled(self, needs: Needs) -> bool:
        found = self.known.get(needs)
        if found is None:
            found = any(all(self.skills.get(name, 0) >= least for name, least in one) for one in needs)
            self.known[needs] = found
        return found


@dataclass
class Contact:
    name: str
    channel: str
    needs: Needs
    targets: frozenset[int]
    """One target, or more where the protocol leaves open which one rules."""
    arrived: int
    waited: int = 0
    credit: int = 0
    """The most that may have been taken off the rank: 0 when nothing in the arrival can give credit."""
    due: int | None = None
    prefers: frozenset[str] = frozenset()
    prefers_until: int = 0
    relax: tuple[tuple[int, Needs], ...] = ()
    state: str = "waiting"
    offer: str | None = None
    agent: str | None = None
    refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Agent -> earliest and latest instant at which the refusal may be said to have happened."""

    @property
    def base(self) -> int:
        """The highest rank the contact can have; `base - credit` is the lowest."""
        return self.arrived - self.waited

    def needs_at(self, now: int) -> Needs:
        ruling = self.needs
        for instant, needs in self.relax:
            if instant <= now:
                ruling = needs
        return ruling


@dataclass
class Offer:
    name: str
    contact: str
    agent: str
    expires: int
    open: bool = True


@dataclass
class World:
    now: int | None = None
    wake: int | None = None
    agents: dict[str, Agent] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)

    def copy(self) -> World:
        """An independent copy; ended contacts and closed offers never change again and are shared."""
        twin = copy(self)
        twin.live = set(self.live)
        twin.agents = {name: copy(agent) for name, agent in self.agents.items()}
        for agent in twin.agents.values():
            agent.hand = dict(agent.hand)
        twin.contacts = dict(self.contacts)
        for name in self.live:
            contact = twin.contacts[name] = copy(self.contacts[name])
            contact.refused = dict(contact.refused)
        twin.offers = {name: copy(offer) if offer.open else offer for name, offer in self.offers.items()}
        return twin

    def waiting(self) -> list[Contact]:
        return [self.contacts[name] for name in sorted(self.live) if self.contacts[name].state == "waiting"]

    def open_offers(self) -> list[Offer]:
        names = (self.contacts[name].offer for name in sorted(self.live))
        return [self.offers[name] for name in names if name is not None and self.offers[name].open]

    def counts(self) -> dict[str, int]:
        counted = dict.fromkeys(STATES, 0)
        for contact in self.contacts.values():
            counted[contact.state] += 1
        return counted
