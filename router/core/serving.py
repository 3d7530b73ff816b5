"""What an event means for a contact: it arrives, is answered, leaves, ends, is transferred, is put aside.

Called by `apply`, after `check` let the event pass.
"""

from __future__ import annotations

from router.core import callbacks, continuity, direct, effects, interrupts, opening, pools, teach
from router.core.by_topic import refusal_pause
from router.core.callbacks import Replaced
from router.core.credit import credit_of
from router.core.deadlines import missed
from router.core.effects import Divert, Release
from router.core.events import Again, Answer, Contact, Refused
from router.core.groups import group_of
from router.core.lifecycle import LEAVABLE
from router.core.limits import next_limit
from router.core.marks import mark_of
from router.core.needs import shared
from router.core.state import AgentRecord, ContactRecord
from router.core.turn import Turn, set_contact_timers

LEFT = "left"  # the reason of a citizen who hung up


def arrive(turn: Turn, event: Contact) -> None:
    state, policy = turn.state, turn.state.policy
    arrived_at = state.now - event.waited
    contact = ContactRecord(
        contact=event.contact,
        channel=event.channel,
        needs=shared(event.needs),
        target=policy.channels[event.channel].target if event.target is None else event.target,
        state="waiting",
        arrived_at=arrived_at,
        rank=arrived_at - credit_of(policy, event),
        since=state.now,
        mark=mark_of(event),
        due_at=None if event.due is None else state.now + event.due,
        relax=tuple(sorted(event.relax, key=lambda step: step.after)) if event.relax else (),
        citizen=event.citizen,
        via=event.via,
        after=event.after,
        topic=event.topic,
        group=group_of(policy, event.topic),
        language=event.language,
    )
    replaced = callbacks.take_place(state, contact)
    if replaced is not None:
        make_room(turn, replaced, contact.contact)
    set_preference(turn, contact, event.prefers, event.prefers_for)
    last = None if policy.last_agent_for is None else continuity.last_agent(state, contact.citizen)
    if last is not None and not event.prefers:
        set_preference(turn, contact, (last,), policy.last_agent_for)
    if event.direct is not None:
        direct.begin(state, contact, event.direct, event.direct_for)
    if event.pool:
        pools.enter(state, contact, event.pool, contact.arrived_at)
    relax_due(turn, contact)
    contact.limit_at = next_limit(policy, contact)
    turn.newcomer = contact.contact
    state.contacts[contact.contact] = contact
    callbacks.follow(state, contact)
    state.counts.arrived += 1
    state.counts.waiting += 1
    turn.touch(contact)
    teach.arrived(state, contact)
    turn.join_line(contact)


def make_room(turn: Turn, replaced: Replaced, by: str) -> None:
    """The contact whose place another has now is over; one that was gone before is so for another reason."""
    former = replaced.contact
    if former.state in LEAVABLE:
        gone(turn, former, replaced.reason)
    former.reason = replaced.reason
    turn.touch(former)
    turn.ask(effects.Replaced(former.contact, by, replaced.reason))


def set_preference(turn: Turn, contact: ContactRecord, agents: tuple[str, ...], wait: int | None) -> None:
    """Whom it prefers from now on, and how long it waits for them rather than go to others."""
    wait = turn.state.policy.prefers_for if wait is None else wait
    contact.prefers, contact.prefers_until = agents, turn.state.now + wait if agents else 0


def relax_due(turn: Turn, contact: ContactRecord) -> None:
    """What of its needs a wait has changed before the contact (again) joins a line."""
    while contact.relax and contact.arrived_at + contact.relax[0].after <= turn.state.now:
        direct.renew(contact, contact.relax[0].needs)
        contact.relax = contact.relax[1:]
    pools.overflow_due(turn.state, contact)


def answer(turn: Turn, event: Answer) -> None:
    contact = turn.state.contacts[event.contact]
    contact.marks[event.offer] = mark_of(event)
    agent = turn.close_offer(contact, event.answer)
    if event.answer == "accepted":
        agent.misses = 0
        turn.touch(agent)
        connect(turn, contact, agent, "accepted")
    else:
        turn.let_go(agent, contact)
        if event.answer == "missed":
            missed(turn, agent, contact)
        contact.refusals[agent.agent] = turn.state.now + refusal_pause(turn.state.policy, contact)
        turn.requeue(contact, event.answer, event.answer)


def connect(turn: Turn, contact: ContactRecord, agent: AgentRecord, cause: str) -> None:
    """The citizen and the agent talk."""
    contact.agent = agent.agent
    opening.counted(turn, contact, kept=True)
    contact.served_at = contact.served_at or turn.state.now
    contact.limit_at = None
    interrupts.let_be(contact)
    contact.connected_at = turn.state.now
    teach.waited(turn.state, contact)
    turn.move(contact, cause)
    interrupts.sort_hands(turn, agent)


def gone(turn: Turn, contact: ContactRecord, reason: str) -> None:
    """The citizen left, or the native queue has them."""
    if contact.state == "offered":
        turn.withdraw(contact, "gone")
    contact.reason = reason
    if reason == LEFT:
        opening.counted(turn, contact, kept=False)
    turn.move(contact, "gone")


def ended(turn: Turn, contact: ContactRecord) -> None:
    """The conversation is over; wrap-up begins."""
    wrap_up = turn.state.policy.channels[contact.channel].wrap_up
    turn.move(contact, "ended")
    teach.talked(turn.state, contact)
    if wrap_up == 0 and contact.paused_at is None:  # a timer would cost an entry before the next offer
        done(turn, contact)
        return
    contact.wrap_until = 0 if wrap_up is None else turn.state.now + max(wrap_up, 1)
    if contact.paused_at is not None:
        interrupts.keep_wrap_up(turn, contact)
    set_contact_timers(turn.state, contact)


def done(turn: Turn, contact: ContactRecord) -> None:
    """Wrap-up is over."""
    agent = turn.state.agents[contact.agent or ""]
    teach.handled(turn.state, contact, agent)
    turn.let_go(agent, contact)
    turn.move(contact, "done")


def again(turn: Turn, event: Again) -> None:
    state = turn.state
    contact = state.contacts[event.contact]
    agent = state.agents[contact.agent or ""]
    turn.let_go(agent, contact)
    if contact.state == "connected" and contact.via:
        turn.ask(Release(contact.contact, agent.agent, contact.via, turn.errand(agent)))
    contact.agent = None
    contact.needs = shared(event.needs)
    contact.channel = event.channel or contact.channel
    contact.target = contact.target if event.target is None else event.target
    contact.relax, contact.direct, contact.overflow_at, contact.foretold = (), None, 0, None
    if contact.moved is not None:  # whoever was brought to the front has been served: first arrival again
        contact.rank, contact.moved = contact.moved.rank, None
    if contact.pool or event.pool:
        pools.enter(state, contact, contact.pool if event.pool is None else event.pool, state.now)
    set_preference(turn, contact, event.prefers, event.prefers_for)
    contact.refusals = {agent.agent: state.now + refusal_pause(state.policy, contact)}
    turn.move(contact, "again")


def put_aside(turn: Turn, event: Refused) -> None:
    """A poison event's contact waits for a supervisor, out of the line; anything else is only on record.

    A caller must not hear music for ever meanwhile: their gateway hands them to its native queue.
    """
    contact = turn.state.contacts.get(event.contact or "")
    if event.code != "poison" or contact is None or contact.aside:
        return
    if contact.state == "offered":
        turn.withdraw(contact, "preempted")
        turn.requeue(contact, "withdraw", "preempted")
    if contact.state == "waiting":
        if turn.state.in_line(contact):
            turn.leave_line(contact)
        if contact.via:
            turn.ask(Divert(contact.contact, contact.via))
    contact.aside = True
    turn.touch(contact)
