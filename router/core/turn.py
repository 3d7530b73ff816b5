"""One step in progress, and the few changes of which every step is made.

Lines, counts, offers, hands and effects change through here alone, so that none of what hangs together can be
forgotten. It decides nothing: who may be offered what is `matching`'s, what an event means is `apply`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import callbacks, continuity, flow, interrupts, reserve
from router.core.effects import Effect, Offer, Requeue, Withdraw
from router.core.lifecycle import CONTACT, FINISHED, OFFER, SERVED
from router.core.state import AgentRecord, ContactRecord, OfferRecord, State
from router.core.timers import Timer, next_target, press_at

if TYPE_CHECKING:
    from router.core.score import Score


class Turn:
    """The state, what this step asks of the gateways, and whom matching must look at again."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.effects: list[Effect] = []
        self.agents: dict[str, None] = {}  # may now be able to take something (ordered, as found)
        self.contacts: dict[str, None] = {}  # may now be able to be taken
        self.long_waiters: dict[str, None] = {}  # who may be told of other channels, if they wait on
        self.staff_changed = False  # somebody came, went, or can do other things
        self.newcomer = ""  # whoever arrived in this step

    def ask(self, effect: Effect) -> None:
        """The one way out of the core."""
        self.effects.append(effect)

    def move(self, contact: ContactRecord, cause: str) -> None:
        """Follow the lifecycle table; leave or join the line as it says."""
        state, before = self.state, contact.state
        after = CONTACT[before, cause]
        counts = state.counts
        if state.in_line(contact):
            self.leave_line(contact, cause)
        if before == "connected" and after != before:
            self.let_second_go(contact)
            for effect in list(contact.controls):
                self.control_over(contact, effect)
            contact.held, contact.recording = False, ""
        setattr(counts, before, getattr(counts, before) - 1)
        setattr(counts, after, getattr(counts, after) + 1)
        if before in SERVED and after not in SERVED:
            interrupts.let_be(contact)
        contact.state = after
        contact.since = state.now
        callbacks.follow(state, contact)
        continuity.follow(state, contact)
        self.touch(contact)
        if after == "waiting":
            self.join_line(contact)
        elif after in FINISHED:
            state.finished.append((state.now, contact.contact))

    def join_line(self, contact: ContactRecord) -> None:
        """A contact (again) waits at its rank; its timers are set (anew)."""
        state = self.state
        if not state.in_line(contact):
            return
        reserve.joins(self, contact)
        state.lines.add(contact, state.now)
        state.crowd.joined(contact)
        state.relaxing.joined(contact)
        flow.joined(state, contact)
        self.contacts[contact.contact] = None
        set_contact_timers(state, contact)
        reserve.joined(self, contact)

    def leave_line(self, contact: ContactRecord, cause: str = "") -> None:
        """Before its needs change, it is put aside or its gateway is down: no longer matched."""
        self.state.lines.remove(contact)
        reserve.left(self.state, contact)
        self.state.crowd.left(contact)
        self.state.relaxing.left(contact)
        flow.left(self.state, contact, cause)

    def make_offer(self, contact: ContactRecord, agent: AgentRecord, score: Score) -> None:
        """Offer a waiting contact to an agent."""
        state = self.state
        if state.witness is not None:
            state.witness(contact, agent, score)
        state.offers_made += 1
        name = f"o{state.offers_made}"
        expires_at = state.now + state.policy.offer_expiry
        offer = OfferRecord(
            name,
            contact.contact,
            agent.agent,
            state.now,
            expires_at,
            score.total,
            score.terms,
            OFFER["new", "offer"],
        )
        state.offers[name] = offer
        state.timers.add(Timer(expires_at, "expiry", name))
        self.move(contact, "offer")
        contact.offer = name
        contact.offers += (name,)
        self.hold(agent, contact)
        state.marks.offers.add(name)
        self.ask(Offer(name, contact.contact, agent.agent, expires_at, score.total, score.terms, contact.via))

    def close_offer(self, contact: ContactRecord, cause: str) -> AgentRecord:
        """An answer, or `withdraw`: the open offer is over. Returns its agent, who still holds it."""
        state = self.state
        assert contact.offer is not None  # only called on offered contacts
        offer = state.offers[contact.offer]
        offer.state = OFFER[offer.state, cause]
        state.marks.offers.add(offer.offer)
        contact.offer = None
        return state.agents[offer.agent]

    def withdraw(self, contact: ContactRecord, because: str) -> AgentRecord:
        """Close the open offer otherwise than by its answer; the agent is let go, the gateway told."""
        offer = contact.offer or ""
        agent = self.close_offer(contact, "withdraw")
        self.let_go(agent, contact)
        effect_id = self.errand(agent) if contact.via else ""
        self.ask(Withdraw(offer, contact.contact, agent.agent, because, contact.via, effect_id))
        return agent

    def effect_id(self) -> str:
        """The name of one more effect; none recurs."""
        self.state.effects_made += 1
        return f"e{self.state.effects_made}"

    def errand(self, agent: AgentRecord) -> str:
        """A new effect whose outcome must be heard (or the backstop pass) before the agent is rung again."""
        state = self.state
        effect_id, until = self.effect_id(), state.now + state.policy.release_backstop
        agent.releasing[effect_id] = until
        state.errands[effect_id] = agent.agent
        state.timers.add(Timer(until, "release", effect_id, agent.agent))
        return effect_id

    def errand_over(self, agent: AgentRecord, effect_id: str) -> None:
        """The leg is known to be ended, or the backstop passed."""
        del agent.releasing[effect_id]
        self.state.errands.pop(effect_id, None)
        self.touch(agent)
        self.agents[agent.agent] = None

    def control_over(self, contact: ContactRecord, effect_id: str) -> None:
        """The outcome is known, or nobody asks for it any more."""
        del contact.controls[effect_id]
        self.state.controls.pop(effect_id, None)
        self.touch(contact)

    def let_second_go(self, contact: ContactRecord) -> None:
        """The colleague who was consulted, if any, is free again."""
        if contact.second is not None:
            self.let_go(self.state.agents[contact.second], contact)
            contact.second, contact.consult_until = None, 0
            self.touch(contact)

    def requeue(self, contact: ContactRecord, cause: str, because: str) -> None:
        """Back in line at the old rank."""
        self.move(contact, cause)
        flow.returned(self.state, contact)
        self.ask(Requeue(contact.contact, because))

    def hold(self, agent: AgentRecord, contact: ContactRecord) -> None:
        """The contact is in the agent's hands: offered, in conversation or in wrap-up."""
        agent.hands[contact.contact] = contact.channel
        self.touch(agent)

    def let_go(self, agent: AgentRecord, contact: ContactRecord) -> None:
        """That capacity is free again."""
        agent.hands.pop(contact.contact, None)
        if not agent.hands:
            agent.idle_since = self.state.now
        interrupts.sort_hands(self, agent)
        self.touch(agent)
        self.agents[agent.agent] = None

    def look_again(self, agent: AgentRecord) -> None:
        """What the agent can take, or whether it is worth waiting for them, may have changed."""
        state = self.state
        state.able.touched[agent.agent] = None
        self.staff_changed = True
        self.agents[agent.agent] = None
        waited_for = state.lines.wanting(agent.agent)
        self.contacts.update(dict.fromkeys(sorted(name for line in waited_for for _, name in line.places)))

    def touch(self, record: AgentRecord | ContactRecord) -> None:
        """The digest must look at this record again, and the roster at an agent."""
        if isinstance(record, AgentRecord):
            self.state.marks.agents.add(record.agent)
            self.state.roster.touched.add(record.agent)
            self.state.reserve.touched[record.agent] = None
        else:
            self.state.marks.contacts.add(record.contact)


def set_contact_timers(state: State, contact: ContactRecord) -> None:
    """Every timer that a contact's record implies and that is still to come."""
    now, name, add = state.now, contact.contact, state.timers.add
    if contact.state == "wrap_up" and contact.wrap_until:
        add(Timer(contact.wrap_until, "wrap_up", name))
    if contact.consult_until:
        add(Timer(contact.consult_until, "consult", name))
    waits = state.in_line(contact)
    if waits:
        for agent, end in contact.refusals.items():
            if end > now:
                add(Timer(end, "pause", name, agent))
        if contact.prefers and contact.prefers_until > now:
            add(Timer(contact.prefers_until, "prefer", name))
        if contact.propose_at > now:
            add(Timer(contact.propose_at, "propose", name))
        if contact.due_at is not None and not contact.pressed:
            add(Timer(press_at(state, contact), "press", name))
    if waits or contact.state == "offered":
        if contact.relax:
            add(Timer(contact.arrived_at + contact.relax[0].after, "relax", name))
        if contact.group and not contact.served_at:
            add(Timer(next_target(contact, now), "promise", name))
        if contact.overflow_at > now:
            add(Timer(contact.overflow_at, "overflow", name))
        if contact.limit_at is not None and contact.limit_at > now:
            add(Timer(contact.limit_at, "limit", name))
