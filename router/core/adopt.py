"""When the truth differs from the state: after a takeover, or when a bridge proves it wrong.

What a gateway found outranks what was believed. Nobody is punished for what happened meanwhile.
"""

from __future__ import annotations

from router.core.effects import Confirm
from router.core.events import Found, Takeover
from router.core.gateways import down
from router.core.lifecycle import FINISHED, LEAVABLE
from router.core.serving import connect, ended, gone, relax_due
from router.core.state import AgentRecord, ContactRecord
from router.core.timers import Timer
from router.core.turn import Turn


def takeover(turn: Turn, event: Takeover) -> None:
    """Open offers get a new expiry and become unknown; gateways are asked what is true of each contact."""
    state = turn.state
    state.epoch = event.epoch
    for gateway, is_ in state.gateways.items():
        if is_ == "up":
            down(turn, gateway)  # until it says what it can do for the new owner
    for contact in state.contacts.values():
        if contact.state in FINISHED:
            continue
        if contact.offer is not None:
            offer = state.offers[contact.offer]
            offer.unknown = True
            offer.expires_at = state.now + state.policy.offer_expiry
            state.timers.add(Timer(offer.expires_at, "expiry", offer.offer))
            state.marks.offers.add(offer.offer)
        if contact.via:
            turn.ask(Confirm(contact.contact, contact.via))


def found(turn: Turn, event: Found) -> None:
    """Make the state say what was found."""
    contact = turn.state.contacts[event.contact]
    match event.where:
        case "waiting":
            _found_waiting(turn, contact)
        case "bridged":
            _found_bridged(turn, contact, turn.state.agents[event.agent or ""])
        case _:
            _found_away(turn, contact, event.where)


def _found_waiting(turn: Turn, contact: ContactRecord) -> None:
    if contact.state == "offered":
        turn.withdraw(contact, "preempted")
        turn.requeue(contact, "withdraw", "found_waiting")
    elif contact.state in ("connected", "wrap_up"):
        turn.let_go(turn.state.agents[contact.agent or ""], contact)
        contact.agent = None
        relax_due(turn, contact)
        turn.requeue(contact, "found_waiting", "found_waiting")
    elif contact.state == "gone":
        contact.reason = ""
        relax_due(turn, contact)
        turn.requeue(contact, "found_waiting", "found_waiting")


def _found_bridged(turn: Turn, contact: ContactRecord, agent: AgentRecord) -> None:
    if contact.state == "connected":  # the colleague consulted goes on, the first agent is free
        turn.let_go(turn.state.agents[contact.agent or ""], contact)
        contact.second, contact.consult_until, contact.held = None, 0, False
        connect(turn, contact, agent, "found_bridged")
        return
    cause = "found_bridged"
    if contact.offer is not None:
        if turn.state.offers[contact.offer].agent == agent.agent:
            turn.close_offer(contact, "accepted")
            cause = "accepted"
        else:
            turn.withdraw(contact, "preempted")
    for name in [held for held in agent.hands if held != contact.contact]:
        other = turn.state.contacts[name]
        if other.state == "offered":  # the agent is talking: nobody else may ring them
            turn.withdraw(other, "preempted")
            turn.requeue(other, "withdraw", "preempted")
    turn.hold(agent, contact)
    connect(turn, contact, agent, cause)


def _found_away(turn: Turn, contact: ContactRecord, reason: str) -> None:
    if contact.state in LEAVABLE:
        gone(turn, contact, reason)
    elif contact.state == "connected":
        ended(turn, contact)
