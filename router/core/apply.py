"""What an event means: its changes to the state. Called by `step` alone, after `check` let it pass."""

from __future__ import annotations

from router.core.adopt import found, takeover
from router.core.deadlines import missed, shift
from router.core.events import (
    Again,
    Agent,
    Answer,
    Config,
    Contact,
    Done,
    Ended,
    Event,
    Found,
    Gone,
    Outcome,
    Refused,
    Shift,
    Takeover,
)  # fmt: skip
from router.core.marks import mark_of
from router.core.state import AgentRecord, ContactRecord
from router.core.turn import Turn, set_contact_timers


def apply(turn: Turn, event: Event) -> None:
    """Change the state as the event says."""
    match event:
        case Contact():
            arrive(turn, event)
        case Answer():
            answer(turn, event)
        case Agent():
            agent_says(turn, event)
        case Gone():
            gone(turn, turn.state.contacts[event.contact], event.reason)
        case Ended():
            ended(turn, turn.state.contacts[event.contact])
        case Done():
            done(turn, turn.state.contacts[event.contact])
        case Again():
            again(turn, event)
        case Found():
            found(turn, event)
        case Takeover():
            takeover(turn, event)
        case Shift():
            shift(turn, event.by)
        case Outcome():
            agent = turn.state.agents[turn.state.errands[event.effect]]
            turn.errand_over(agent, event.effect)
        case Config():
            config(turn, event)
        case Refused():
            put_aside(turn, event)
        case _:
            return
    if isinstance(event, (Gone, Ended, Done, Again)):
        contact = turn.state.contacts[event.contact]
        contact.marks[type(event).__name__] = mark_of(event)


def arrive(turn: Turn, event: Contact) -> None:
    state, policy = turn.state, turn.state.policy
    arrived_at = state.now - event.waited
    credit = min(policy.vulnerable_credit if event.vulnerable else 0, policy.credit_cap)
    prefers_for = policy.prefers_for if event.prefers_for is None else event.prefers_for
    contact = ContactRecord(
        contact=event.contact,
        channel=event.channel,
        needs=event.needs,
        target=policy.channels[event.channel].target if event.target is None else event.target,
        state="waiting",
        arrived_at=arrived_at,
        rank=arrived_at - credit,
        since=state.now,
        mark=mark_of(event),
        due_at=None if event.due is None else state.now + event.due,
        prefers=event.prefers,
        prefers_until=state.now + prefers_for if event.prefers else 0,
        relax=tuple(sorted(event.relax, key=lambda step: step.after)),
        citizen=event.citizen,
        via=event.via,
        topic=event.topic,
        language=event.language,
    )
    while contact.relax and arrived_at + contact.relax[0].after <= state.now:
        contact.needs, contact.relax = contact.relax[0].needs, contact.relax[1:]
    state.contacts[contact.contact] = contact
    state.counts.arrived += 1
    state.counts.waiting += 1
    turn.touch(contact)
    turn.join_line(contact)


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
            missed(turn, agent)
        contact.refusals[agent.agent] = turn.state.now + turn.state.policy.refusal_pause
        turn.requeue(contact, event.answer, event.answer)


def connect(turn: Turn, contact: ContactRecord, agent: AgentRecord, cause: str) -> None:
    """The citizen and the agent talk."""
    contact.agent = agent.agent
    contact.served_at = contact.served_at or turn.state.now
    turn.move(contact, cause)


def agent_says(turn: Turn, event: Agent) -> None:
    state = turn.state
    agent = state.agents.get(event.agent)
    if agent is None:
        agent = AgentRecord(event.agent, "offline", "", {}, {}, idle_since=state.now)
        state.agents[event.agent] = agent
    changed = (
        agent.state != event.state
        or (event.skills is not None and event.skills != agent.skills)
        or (event.capacity is not None and event.capacity != agent.capacity)
    )
    if event.skills is not None and event.skills != agent.skills:
        agent.skills = dict(event.skills)
        state.fits.forget()
    agent.capacity = agent.capacity if event.capacity is None else dict(event.capacity)
    agent.reason = event.reason if event.state != "ready" else ""
    if event.state == "ready" and agent.state != "ready":
        agent.misses = 0
        agent.idle_since = state.now
    agent.state = event.state
    turn.touch(agent)
    if changed:
        look_again(turn, agent)


def look_again(turn: Turn, agent: AgentRecord) -> None:
    """What the agent can take, or whether it is worth waiting for them, may have changed."""
    state = turn.state
    turn.agents[agent.agent] = None
    if agent.state != "ready":
        for name in list(agent.hands):
            contact = state.contacts[name]
            if contact.state == "offered":
                turn.withdraw(contact, "agent_away")
                turn.requeue(contact, "withdraw", "agent_away")
    for name in sorted(state.preferring):
        if agent.agent in state.contacts[name].prefers:
            turn.contacts[name] = None


def gone(turn: Turn, contact: ContactRecord, reason: str) -> None:
    """The citizen left, or the native queue has them."""
    if contact.state == "offered":
        turn.withdraw(contact, "gone")
    contact.reason = reason
    turn.move(contact, "gone")


def ended(turn: Turn, contact: ContactRecord) -> None:
    """The conversation is over; wrap-up begins."""
    wrap_up = turn.state.policy.channels[contact.channel].wrap_up
    turn.move(contact, "ended")
    if wrap_up is not None:
        contact.wrap_until = turn.state.now + max(wrap_up, 1)
        set_contact_timers(turn.state, contact)


def done(turn: Turn, contact: ContactRecord) -> None:
    """Wrap-up is over."""
    turn.let_go(turn.state.agents[contact.agent or ""], contact)
    turn.move(contact, "done")


def again(turn: Turn, event: Again) -> None:
    state = turn.state
    contact = state.contacts[event.contact]
    agent = state.agents[contact.agent or ""]
    turn.let_go(agent, contact)
    contact.agent = None
    contact.needs = event.needs
    contact.channel = event.channel or contact.channel
    contact.target = contact.target if event.target is None else event.target
    contact.relax, contact.prefers, contact.prefers_until = (), (), 0
    contact.refusals = {agent.agent: state.now + state.policy.refusal_pause}
    turn.move(contact, "again")


def config(turn: Turn, event: Config) -> None:
    """Another policy. Agents whose own rules it changes get their new skills and capacity."""
    state, before = turn.state, turn.state.policy
    state.policy, state.policy_hash = event.policy, event.hash
    for agent in state.agents.values():
        rules = event.policy.agents.get(agent.agent)
        if rules is not None and rules != before.agents.get(agent.agent):
            agent.skills, agent.capacity = dict(rules.skills), dict(rules.capacity)
            state.fits.forget()
            turn.touch(agent)
        look_again(turn, agent)


def put_aside(turn: Turn, event: Refused) -> None:
    """A poison event's contact waits for a supervisor, out of the line; anything else is only on record."""
    contact = turn.state.contacts.get(event.contact or "")
    if event.code != "poison" or contact is None or contact.aside:
        return
    if contact.state == "offered":
        turn.withdraw(contact, "preempted")
        turn.requeue(contact, "withdraw", "preempted")
    if contact.state == "waiting":
        turn.leave_line(contact)
    contact.aside = True
    turn.touch(contact)
