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
from router.simulate.crew import Crew, Member
from router.simulate.rules import NEAR, USUAL, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.core.effects import Effect
    from router.core.events import Event
    from router.core.policy import Policy

Kind = tuple[str, NeedsKey]
LOOK_EVERY = 10 * SECOND  # for work held in reserve


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
        self.expiry = policy.offer_expiry
        self.crew = Crew(policy)
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
                self.crew.hear(event, at)
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
                    self.crew.let_go(event.contact, open_offer.agent, at)
                    over.append(Withdraw(open_offer.offer, event.contact, open_offer.agent, "gone"))
            case Done():
                self.crew.let_go(event.contact, event.agent, at)
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
        self.crew.let_go(offer.contact, offer.agent, at)
        self.contacts[offer.contact].refused.add(offer.agent)
        self._wait(offer.contact)

    # ---- lines

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

    # ---- matching

    def _match(self, at: int) -> list[Offer]:
        """The most urgent head that somebody free may serve, to whom the rule likes best."""
        offers: list[Offer] = []
        open_to = list(self.crew.open_to.values())
        if not open_to or not self.lines:
            return offers
        self.idle = sum(not member.hands for member in open_to)
        order = sorted(
            self.lines.values(),
            key=lambda line: (-self.rule.urgency(self.contacts[line[0][1]], len(line), at), line[0]),
        )
        for line in order:
            head = self.contacts[line[0][1]]
            able = self.crew.able(head.kind[1], head.contact.needs)
            for _, name in list(line):
                waiting = self.contacts[name]
                free = [each for each in open_to if each.name in able and self._may(each, waiting, at)]
                if free:
                    best = max(
                        free, key=lambda each: (self.rule.liking(each, waiting), -each.since, each.name)
                    )
                    offers.append(self._offer(waiting, best))
                elif not waiting.refused:
                    break  # nobody for the head: those behind it are alike
        return offers

    def _may(self, member: Member, waiting: Waiting, at: int) -> bool:
        return (
            self.crew.has_room(member, waiting.contact.channel)
            and member.name not in waiting.refused
            and self.rule.admits(member, waiting, at)
            and not self._kept(member, waiting, at)
        )

    def _kept(self, member: Member, waiting: Waiting, at: int) -> bool:
        """Whether the agent belongs to the reserve that deferrable work must leave."""
        due = waiting.contact.due
        if not self.rule.reserve or due is None or waiting.arrived + due - at <= NEAR:
            return False
        return self.idle - (not member.hands) < self.rule.reserve

    def _offer(self, waiting: Waiting, member: Member) -> Offer:
        contact = waiting.contact
        self.offers += 1
        self._leave_line(contact.contact)
        self.idle -= not member.hands
        self.crew.take(member, contact.contact, contact.channel)
        offer = Offer(f"o{self.offers}", contact.contact, member.name, self.now + self.expiry, 0, {})
        self.ringing[contact.contact] = offer
        self.expiries.append(offer)
        return offer
