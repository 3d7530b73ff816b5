"""What happens when a timer is due, and when the clock itself jumped."""

from __future__ import annotations

from router.core import direct, opening, pools, reserve, teach
from router.core.by_topic import away_after_misses, refusal_pause
from router.core.effects import Release, SetAway
from router.core.state import AgentRecord, ContactRecord, State
from router.core.timers import Timer, next_target
from router.core.turn import Turn, set_contact_timers


def fire_due(turn: Turn, at: int) -> None:
    """Fire every timer due at or before `at`, in order; what they cause is stamped `at` (= state.now)."""
    state = turn.state
    while (timer := state.timers.pop_due(state, at)) is not None:
        fire(turn, timer)


def fire(turn: Turn, timer: Timer) -> None:
    """One timer."""
    state = turn.state
    if timer.kind == "release":
        turn.errand_over(state.agents[timer.agent], timer.id)
        return
    if timer.kind == "expiry":
        expire(turn, timer.id)
        return
    if timer.kind == "look":
        reserve.look(turn)
        return
    contact = state.contacts[timer.id]
    if timer.kind == "wrap_up":
        agent = state.agents[contact.agent or ""]
        teach.handled(state, contact, agent)
        turn.let_go(agent, contact)
        turn.move(contact, "done")
    elif timer.kind == "consult":
        give_up(turn, contact)
    elif timer.kind == "propose":
        turn.long_waiters[timer.id] = None
    elif timer.kind == "press":
        reserve.press(turn, contact)
    elif timer.kind == "limit":  # `limits.enforce` sees to it, once everybody who can be offered something is
        turn.contacts[timer.id] = None
    elif timer.kind == "promise":
        opening.measure(turn, contact.group, kept=False)
        state.timers.add(Timer(next_target(contact, timer.due), "promise", timer.id))
    elif timer.kind == "overflow":
        pools.overflowed(turn, contact)
    elif timer.kind == "relax":
        waiting = contact.state == "waiting"
        if waiting:
            turn.leave_line(contact)
        direct.renew(contact, contact.relax[0].needs)
        contact.relax = contact.relax[1:]
        turn.touch(contact)
        if waiting:
            turn.join_line(contact)
        else:
            set_contact_timers(state, contact)
    else:  # pause, prefer: others may now be offered it
        state.lines.shift(contact, state.now)
        turn.contacts[timer.id] = None


def give_up(turn: Turn, contact: ContactRecord) -> None:
    """A colleague was asked and nothing was heard since: free, once their phone is known to be silent."""
    second = turn.state.agents[contact.second or ""]
    turn.let_second_go(contact)
    turn.ask(Release(contact.contact, second.agent, contact.via, turn.errand(second)))


def expire(turn: Turn, name: str) -> None:
    """An offer nobody answered counts as missed, unless a takeover came between: then nobody knows."""
    state = turn.state
    offer = state.offers[name]
    contact = state.contacts[offer.contact]
    agent = turn.withdraw(contact, "expired")
    if not offer.unknown:
        missed(turn, agent, contact)
        contact.refusals[agent.agent] = state.now + refusal_pause(state.policy, contact)
    turn.requeue(contact, "missed", "expired")


def missed(turn: Turn, agent: AgentRecord, contact: ContactRecord) -> None:
    """One more offer not answered; where configured, so many in a row set the agent away."""
    limit = away_after_misses(turn.state.policy, contact)
    agent.misses += 1
    turn.touch(agent)
    if limit is not None and agent.misses >= limit and agent.state == "ready":
        agent.state, agent.reason = "away", "missed"  # what is still on offer to them stands
        turn.look_again(agent)
        turn.ask(SetAway(agent.agent, "missed"))


def shift(turn: Turn, by: int) -> None:
    """The clock jumped by so much while nobody could act: what has a deadline gets as much longer."""
    state = turn.state
    for offer in state.offers.values():
        if offer.state == "open":
            offer.expires_at += by
            state.marks.offers.add(offer.offer)
    for contact in state.contacts.values():
        contact.refusals = {agent: end + by for agent, end in contact.refusals.items()}
        contact.prefers_until += by if contact.prefers_until else 0
        contact.wrap_until += by if contact.wrap_until else 0
        contact.consult_until += by if contact.consult_until else 0
        contact.overflow_at += by if contact.overflow_at else 0
        contact.propose_at += by if contact.propose_at else 0
        contact.limit_at = None if contact.limit_at is None else contact.limit_at + by
        turn.touch(contact)
        if contact.state == "waiting":  # a pause that is over by now has no timer left to say so
            turn.contacts[contact.contact] = None
        if state.in_line(contact) and (contact.refusals or contact.prefers):
            state.lines.shift(contact, state.now)
    for agent in state.agents.values():
        agent.releasing = {effect: until + by for effect, until in agent.releasing.items()}
        turn.touch(agent)
    set_timers(state)


def set_timers(state: State) -> None:
    """All timers anew, from the records."""
    state.timers.clear()
    for contact in state.contacts.values():
        set_contact_timers(state, contact)
    for offer in state.offers.values():
        if offer.state == "open":
            state.timers.add(Timer(offer.expires_at, "expiry", offer.offer))
    for agent in state.agents.values():
        for effect, until in agent.releasing.items():
            state.timers.add(Timer(until, "release", effect, agent.agent))
    state.reserve.look_next(state, anew=True)
