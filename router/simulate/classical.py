"""A pool under a classical rule: first come first served in each kind, the rule across kinds and agents.

It hears the core's events and answers with the core's effects, so that a centre cannot tell it from Guichet.
A refused contact is not offered to the same agent again; app_queue would.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct, field

from router.core.effects import Offer, Withdraw
from router.core.events import Agent, Answer, Contact, Done, Gone
from router.core.needs import NeedsKey, needs_key
from router.core.policy import SECOND
from router.simulate.rules import NEAR, USUAL, Rule
from skills.eligibility import eligible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.core.effects import Effect
    from router.core.events import Event
    from router.core.policy import Policy

Kind = tuple[str, NeedsKey]
LOOK_EVERY = 10 * SECOND  # for work held in reserve


class Idle(Struct):
    """An agent, busy or not."""

    name: str
    skills: dict[str, int]
    capacity: dict[str, int]
    ready: bool = True
    since: int = 0
    hands: dict[str, str] = field(default_factory=dict)  # contact -> channel


class Waiting(Struct):
    """A contact, until it is served."""

    contact: Contact
    arrived: int
    mean_handling: float  # seconds, known to the rule from the scenario
    kind: Kind
    refused: set[str] = field(default_factory=set)


class Classical:
    """`mean_handling`: seconds by (channel, needs), which the c-mu rule must know beforehand.

    Of the policy it keeps how many contacts go into one agent's hands, and how long an offer rings.
    """

    def __init__(self, rule: Rule, mean_handling: dict[Kind, float], policy: Policy = USUAL) -> None:
        self.rule = rule
        self.mean_handling = mean_handling
        self.channels, self.expiry = policy.channels, policy.offer_expiry
        self.agents: dict[str, Idle] = {}
        self.able: dict[Kind, set[str]] = {}  # who has the skills for a kind
        self.contacts: dict[str, Waiting] = {}
        self.lines: dict[Kind, list[tuple[int, str]]] = {}
        self.offers = 0
        self.now = 0
        self.ringing: dict[str, Offer] = {}  # open offers by contact
        self.expiries: deque[Offer] = deque()  # oldest first
        self.idle = 0  # ready with nothing in hand, while matching

    def say(self, event: Event, at: int) -> Sequence[Effect]:
        self.now, over = at, self._expired(at)
        match event:
            case Agent():
                self._agent(event, at)
            case Contact():
                kind = (event.channel, needs_key(event.needs))
                self.contacts[event.contact] = Waiting(event, at, self.mean_handling.get(kind, 300.0), kind)
                self._wait(event.contact)
            case Answer():
                offer = self.ringing.pop(event.contact)
                if event.answer != "accepted":
                    self._refused(offer, at)
            case Gone():
                self._leave_line(event.contact)
                if (open_offer := self.ringing.pop(event.contact, None)) is not None:
                    self._let_go(event.contact, open_offer.agent, at)
                    over.append(Withdraw(open_offer.offer, event.contact, open_offer.agent, "gone"))
            case Done():
                self._let_go(event.contact, event.agent, at)
            case _:
                pass
        return [*over, *self._match(at)]

    def wake(self) -> int | None:
        """The next expiry; and once a second while somebody waits for a ring to open, as such systems do."""
        while self.expiries and self.ringing.get(self.expiries[0].contact) is not self.expiries[0]:
            self.expiries.popleft()
        due = [self.expiries[0].expires_at] if self.expiries else []
        if self.rule.rings and self.lines:
            due.append((self.now // SECOND + 1) * SECOND)
        if self.rule.reserve and self.lines:
            due.append((self.now // LOOK_EVERY + 1) * LOOK_EVERY)
        return min(due, default=None)

    def _expired(self, at: int) -> list[Withdraw]:
        """Offers that nobody answered: missed."""
        over: list[Withdraw] = []
        while self.expiries and self.expiries[0].expires_at <= at:
            offer = self.expiries.popleft()
            if self.ringing.get(offer.contact) is offer:
                del self.ringing[offer.contact]
                self._refused(offer, at)
                over.append(Withdraw(offer.offer, offer.contact, offer.agent, "expired"))
        return over

    def _refused(self, offer: Offer, at: int) -> None:
        self._let_go(offer.contact, offer.agent, at)
        self.contacts[offer.contact].refused.add(offer.agent)
        self._wait(offer.contact)

    # ---- agents and lines

    def _agent(self, event: Agent, at: int) -> None:
        agent = self.agents.get(event.agent)
        if agent is None:
            agent = Idle(event.agent, event.skills or {}, event.capacity or {}, since=at)
            self.agents[event.agent] = agent
            self.able.clear()
        agent.ready = event.state == "ready"

    def _wait(self, name: str) -> None:
        waiting = self.contacts[name]
        insort(self.lines.setdefault(waiting.kind, []), (waiting.arrived, name))

    def _leave_line(self, name: str) -> None:
        waiting = self.contacts[name]
        line = self.lines.get(waiting.kind, [])
        if (waiting.arrived, name) in line:
            line.remove((waiting.arrived, name))
            if not line:
                del self.lines[waiting.kind]

    def _let_go(self, contact: str, name: str, at: int) -> None:
        agent = self.agents[name]
        agent.hands.pop(contact, None)
        if not agent.hands:
            agent.since = at

    def _has_room(self, agent: Idle, channel: str) -> bool:
        if not agent.ready:
            return False
        rules, held = self.channels, list(agent.hands.values())
        capacity = agent.capacity.get(channel, rules[channel].capacity)
        if rules[channel].exclusive or any(rules[other].exclusive for other in held):
            return not held and capacity > 0
        return held.count(channel) < capacity

    # ---- matching

    def _match(self, at: int) -> list[Offer]:
        """The most urgent head that somebody free may serve, to whom the rule likes best."""
        offers: list[Offer] = []
        open_to = [agent for agent in self.agents.values() if agent.ready and self._open(agent)]
        if not open_to:
            return offers
        self.idle = sum(not agent.hands for agent in open_to)
        order = sorted(
            self.lines.values(),
            key=lambda line: (-self.rule.urgency(self.contacts[line[0][1]], len(line), at), line[0]),
        )
        for line in order:
            able = self._able(self.contacts[line[0][1]])
            for _, name in list(line):
                waiting = self.contacts[name]
                free = [agent for agent in open_to if agent.name in able and self._may(agent, waiting, at)]
                if free:
                    best = max(
                        free, key=lambda agent: (self.rule.liking(agent, waiting), -agent.since, agent.name)
                    )
                    offers.append(self._offer(waiting, best))
                elif not waiting.refused:
                    break  # nobody for the head: those behind it are alike
        return offers

    def _open(self, agent: Idle) -> bool:
        """Whether anything may still go to them."""
        return not any(self.channels[channel].exclusive for channel in agent.hands.values())

    def _able(self, waiting: Waiting) -> set[str]:
        able = self.able.get(waiting.kind)
        if able is None:
            agents = self.agents.values()
            able = {agent.name for agent in agents if eligible(agent.skills, waiting.contact.needs)}
            self.able[waiting.kind] = able
        return able

    def _may(self, agent: Idle, waiting: Waiting, at: int) -> bool:
        return (
            self._has_room(agent, waiting.contact.channel)
            and agent.name not in waiting.refused
            and self.rule.admits(agent, waiting, at)
            and not self._kept(agent, waiting, at)
        )

    def _kept(self, agent: Idle, waiting: Waiting, at: int) -> bool:
        """Whether the agent belongs to the reserve that deferrable work must leave."""
        due = waiting.contact.due
        if not self.rule.reserve or due is None or waiting.arrived + due - at <= NEAR:
            return False
        return self.idle - (not agent.hands) < self.rule.reserve

    def _offer(self, waiting: Waiting, agent: Idle) -> Offer:
        contact = waiting.contact
        self.offers += 1
        self._leave_line(contact.contact)
        self.idle -= not agent.hands
        agent.hands[contact.contact] = contact.channel
        offer = Offer(f"o{self.offers}", contact.contact, agent.name, self.now + self.expiry, 0, {})
        self.ringing[contact.contact] = offer
        self.expiries.append(offer)
        return offer
