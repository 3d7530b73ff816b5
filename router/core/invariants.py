"""What is true after every step, whatever came before. Tests check it after each one; nothing here mends."""

from __future__ import annotations

from collections import Counter

from router.core.callbacks import is_open
from router.core.interrupts import interrupted
from router.core.lifecycle import CONTACT_STATES, FINISHED, SERVED
from router.core.limits import scopes
from router.core.line import kind_of
from router.core.may import barred, capacity_of, may_take, serves
from router.core.room import fits, interrupts, present, together
from router.core.state import AgentRecord, ContactRecord, State


def broken(state: State) -> list[str]:
    """Every invariant that does not hold, in words; empty when the state is sound."""
    faults = _sums(state) + _crowd(state) + _callbacks(state) + _roster(state)
    for contact in state.contacts.values():
        faults += _contact(state, contact)
    for agent in state.agents.values():
        faults += _agent(state, agent)
    wake = state.wake()
    if wake is not None and wake <= state.now:
        faults.append(f"a timer of {wake} is overdue at {state.now}")
    return faults


def _sums(state: State) -> list[str]:
    counts = state.counts
    total = sum(getattr(counts, name) for name in CONTACT_STATES)
    faults = [] if counts.arrived == total else [f"{counts.arrived} arrived, {total} are somewhere"]
    for name in CONTACT_STATES:
        known = sum(contact.state == name for contact in state.contacts.values())
        counted = getattr(counts, name)
        if known > counted or (known < counted and name not in FINISHED):
            faults.append(f"{counted} counted as {name}, {known} are")
    lined = sorted(name for line in state.lines for _, name in line.places)
    waiting = sorted(c.contact for c in state.contacts.values() if state.in_line(c))
    return faults if lined == waiting else [*faults, f"lines hold {lined}, waiting are {waiting}"]


def _crowd(state: State) -> list[str]:
    line = [contact for contact in state.contacts.values() if state.in_line(contact)]
    true = Counter(scope for contact in line for scope in scopes(contact))
    return [
        f"{true[s]} wait of {s}, counted {state.crowd.count(s)}"
        for s in true
        if true[s] != state.crowd.count(s)
    ]


def _callbacks(state: State) -> list[str]:
    faults = []
    found: dict[str, list[str]] = {}
    for contact in state.contacts.values():
        if contact.citizen is not None and is_open(contact):
            found.setdefault(contact.citizen, []).append(contact.contact)
    for citizen, names in found.items():
        if len(names) > 1 and any(state.contacts[name].after is not None for name in names):
            faults.append(f"{citizen} has several call-backs: {names}")
    kept = {citizen: sorted(names) for citizen, names in state.callbacks.items()}
    true = {citizen: sorted(names) for citizen, names in found.items()}
    return faults if kept == true else [*faults, f"call-backs kept are {kept}, open are {true}"]


def _room(state: State, agent: AgentRecord) -> bool:
    return any(fits(state.policy, agent, channel) for channel in state.policy.channels)


def _roster(state: State) -> list[str]:
    state.roster.settle(state.agents, state.policy)
    kept = sorted(agent.agent for agent in state.roster.free())
    true = sorted(name for name, agent in state.agents.items() if present(agent) and _room(state, agent))
    faults = [] if kept == true else [f"the roster has {kept}, with room are {true}"]
    for line in state.lines:
        first = state.contacts[line.head[1]]
        stands, belongs = (line.head[0], line.kind), (first.rank, kind_of(first, state.now))
        if stands != belongs:
            faults.append(f"{first.contact} stands at {stands} and belongs at {belongs}")
    return faults


def _contact(state: State, contact: ContactRecord) -> list[str]:
    faults = []
    name = contact.contact
    holders = [agent.agent for agent in state.agents.values() if name in agent.hands]
    offer = state.offers.get(contact.offer or "")
    expected = []
    if contact.state == "offered":
        if offer is None or offer.state != "open" or offer.contact != name:
            faults.append(f"{name} is offered without an open offer")
        else:
            expected = [offer.agent]
    elif contact.offer is not None:
        faults.append(f"{name} is {contact.state} and has an open offer")
    if contact.state in ("connected", "wrap_up"):
        expected = [contact.agent or ""]
    if contact.second is not None:
        expected.append(contact.second)
        if contact.state != "connected" or contact.second == contact.agent:
            faults.append(
                f"{name} is {contact.state} with {contact.agent} and has a second, {contact.second}"
            )
    elif contact.consult_until:
        faults.append(f"{name} awaits a colleague it has not")
    if (contact.held or contact.recording) and contact.state != "connected":
        faults.append(f"{name} is {contact.state}, and held or recorded")
    if contact.controls and contact.state != "connected":
        faults.append(f"{name} is {contact.state} and awaits {contact.controls}")
    if sorted(holders) != sorted(expected):
        faults.append(f"{name} is {contact.state}, in the hands of {holders} instead of {expected}")
    if state.in_line(contact):
        faults += [
            f"{name} waits though {agent.agent} is free for it"
            for agent in state.agents.values()
            if may_take(state, agent, contact)
            and serves(state, agent, contact)
            and not barred(state, contact, agent)
        ]
    rank = contact.rank if contact.moved is None else contact.moved.rank
    if not rank <= contact.arrived_at <= rank + state.policy.credit_cap:
        faults.append(f"the rank of {name} is not its arrival less a bounded credit")
    return faults


def go_together(state: State, one: str, two: str) -> bool:
    """Side by side, or one laid aside for the other."""
    policy = state.policy
    return together(policy, one, two) or interrupts(policy, one, two) or interrupts(policy, two, one)


def _agent(state: State, agent: AgentRecord) -> list[str]:
    faults = []
    channels = state.policy.channels
    for name, channel in agent.hands.items():
        must_wait = state.contacts[name].state in SERVED and interrupted(state, agent, channel)
        if must_wait != (state.contacts[name].paused_at is not None):
            faults.append(f"{agent.agent} should have laid {name} aside: {must_wait}")
        if name not in state.contacts:
            faults.append(f"{agent.agent} holds {name}, who is forgotten")
        elif state.contacts[name].channel != channel:
            faults.append(f"{agent.agent} holds {name} on another channel")
        if state.contacts[name].state == "offered" and agent.state == "offline":
            faults.append(f"{agent.agent} is offline and has an open offer")
        faults += [
            f"{agent.agent} holds {name} and {other}: {channel} does not go with {second}"
            for other, second in agent.hands.items()
            if name < other and not go_together(state, channel, second)
        ]
    for channel in channels:
        held = sum(other == channel for other in agent.hands.values())
        if held > max(capacity_of(state, agent, channel), channels[channel].capacity):
            faults.append(f"{agent.agent} holds {held} on {channel}")
    return faults
