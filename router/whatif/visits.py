"""The contacts of a recorded day, and what became of each. It guesses nothing: what nobody saw stays None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.events import Again, Contact
from router.whatif.day import Leg, Reply, Visit

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.core.state import ContactRecord, State


class Visits:
    """All who are known, by contact."""

    def __init__(self, before: State) -> None:
        self._visits: dict[str, Visit] = {}
        self._offers: dict[str, tuple[str, int]] = {}  # open ones: contact and instant
        self._answered_by: dict[str, str] = {}  # contact -> who answered it last
        for record in before.contacts.values():
            if record.state not in ("ended", "gone"):
                self._visits[record.contact] = carried(record, before.now)
                self._answered_by[record.contact] = record.agent or ""

    def forget_over(self) -> None:
        """Those to whom nothing can happen any more: they are no part of what begins now."""
        self._visits = {name: visit for name, visit in self._visits.items() if not _closed(visit)}

    def since(self, start: int) -> list[Visit]:
        """Those who came since then, or waited at that instant, as they came."""
        there = [visit for visit in self._visits.values() if _lives(visit, start)]
        return sorted(there, key=lambda visit: (visit.at, visit.n))

    def busy_until(self, start: int, end: int) -> dict[str, int]:
        """Agents with a conversation from before `start`: they come when it is over."""
        until: dict[str, int] = {}
        for visit in self._visits.values():
            leg = visit.legs[-1]
            if visit.at < start and leg.answered is not None and leg.answered < start:
                over = leg.done or (leg.ended or end) + (leg.wrap_by_core or 0)
                agent = self._answered_by.get(visit.event.contact)
                if agent is not None and over > start:
                    until[agent] = max(over, until.get(agent, 0))
        return until

    # ---- what became of a contact

    def came(self, event: Contact, at: int, n: int, policy: Policy, counted: bool) -> None:
        target = policy.channels[event.channel].target if event.target is None else event.target
        self._visits[event.contact] = Visit(event, at, n, target, [Leg(at)], counted=counted)

    def offered(self, offer: str, contact: str, at: int) -> None:
        self._offers[offer] = (contact, at)

    def replied(self, offer: str, how: str, at: int, n: int | None = None) -> None:
        contact, made = self._offers.pop(offer, ("", 0))
        leg = self.leg(contact)
        if leg is not None:
            leg.replies.append(Reply(how, at - made) if n is None else Reply(how, at - made, n))

    def done(self, contact: str, at: int, n: int) -> None:
        if (leg := self.leg(contact)) is not None:
            leg.done, leg.done_n = at, n

    def again(self, event: Again, at: int, n: int) -> None:
        if (leg := self.leg(event.contact)) is not None:
            leg.again, leg.again_at, leg.again_n = event, at, n
            self._visits[event.contact].legs.append(Leg(at))

    def leg(self, contact: str) -> Leg | None:
        visit = self._visits.get(contact)
        return visit.legs[-1] if visit is not None else None

    def answered(self, contact: str, agent: str, at: int) -> None:
        leg = self.leg(contact)
        if leg is not None and leg.answered is None:
            leg.answered = at
            self._answered_by[contact] = agent

    def ended(self, contact: str, at: int, n: int, policy: Policy) -> None:
        leg = self.leg(contact)
        if leg is not None:
            leg.ended, leg.ended_n = at, n
            leg.wrap_by_core = policy.channels[self._visits[contact].event.channel].wrap_up

    def turned_away(self, contact: str) -> None:
        if contact in self._visits:
            self._visits[contact].turned_away = True

    def left(self, contact: str, reason: str, at: int, n: int) -> None:
        visit = self._visits.get(contact)
        if visit is not None:
            visit.left, visit.left_n, visit.reason = at, n, reason

    def vanished(self, contact: str, where: str, at: int, n: int) -> None:
        """A gateway found nobody: the conversation is over, or the citizen left while waiting."""
        leg = self.leg(contact)
        if leg is not None and leg.answered is not None:
            if leg.ended is None:
                leg.ended, leg.ended_n, leg.done, leg.done_n = at, n, at, n
        else:
            self.left(contact, where, at, n)


def _lives(visit: Visit, start: int) -> bool:
    """Whether it came since `start`, or waited then."""
    if visit.at >= start:
        return True
    leg = visit.legs[-1]
    over = visit.left if visit.left is not None else leg.answered
    return over is None or over >= start


def _closed(visit: Visit) -> bool:
    """Whether nothing can happen to it any more."""
    leg = visit.legs[-1]
    return visit.left is not None or leg.done is not None or (leg.ended is not None and leg.again is None)


def carried(record: ContactRecord, now: int) -> Visit:
    """A contact that the state before the log knew already."""
    leg = Leg(record.since if record.state in ("connected", "wrap_up") else record.arrived_at)
    if record.state in ("connected", "wrap_up"):
        leg.answered = record.since
    if record.state == "wrap_up":
        leg.ended = record.since
    event = Contact(
        record.contact, record.channel, record.needs, record.target,
        None if record.due_at is None else max(0, record.due_at - now), relax=record.relax,
        citizen=record.citizen, via=record.via, topic=record.topic, language=record.language,
    )  # fmt: skip
    return Visit(event, record.arrived_at, 0, record.target, [leg], counted=False)
