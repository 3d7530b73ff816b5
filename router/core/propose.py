"""Other channels, proposed to whoever is likely to wait long; and the citizen's choice, which alone moves
them.

Told once, when the wait to come with the wait so far passes `propose_past` of the target: on arrival, or
when the target (and again each time as much) has been waited. Off unless `propose_to` names channels.
Nothing here moves a contact but a recorded choice; a no is remembered, and nothing is proposed to them
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import teach
from router.core.effects import Propose, Way
from router.core.estimate import NOBODY, estimate, estimate_of
from router.core.policy import LIVE, SECOND
from router.core.timers import Timer

if TYPE_CHECKING:
    from router.core.events import Choice
    from router.core.state import ContactRecord, State
    from router.core.turn import Turn

AGAIN = 30 * SECOND  # looked at no more often than this, whatever the target


def consider(turn: Turn, contact: ContactRecord) -> None:
    """They have just come, or waited their target once more, and wait on: is it time to tell them?"""
    state = turn.state
    policy = state.policy
    if not policy.propose_to or contact.proposed or contact.due_at is not None or contact.channel not in LIVE:
        return
    if not state.in_line(contact):
        return
    wait = estimate_of(state, contact)
    whole = state.now - contact.arrived_at + wait.likely
    if whole * 100 >= policy.propose_past * contact.target:
        ways = ways_for(state, contact)
        if ways:
            contact.proposed = tuple(way.channel for way in ways)
            because = "nobody_there" if wait.high >= NOBODY and wait.low == 0 else "long_wait"
            turn.ask(Propose(contact.contact, ways, because, contact.via))
    if not contact.proposed:
        contact.propose_at = state.now + max(contact.target, AGAIN)
        state.timers.add(Timer(contact.propose_at, "propose", contact.contact))
    turn.touch(contact)


def ways_for(state: State, contact: ContactRecord) -> tuple[Way, ...]:
    """The channels configured, each with its wait; not their own, nor one that nobody present serves."""
    found = []
    for channel in state.policy.propose_to:
        wait = estimate(state, channel, contact.needs)
        if channel != contact.channel and wait.likely < NOBODY:
            found.append(Way(channel, wait.low, wait.likely, wait.high))
    return tuple(found)


def choice(turn: Turn, event: Choice) -> None:
    """What the citizen chose. A yes moves them, at their place; a no leaves everything as it is."""
    state = turn.state
    contact = state.contacts[event.contact]
    contact.choice = event.channel if event.choice == "accepted" else "refused"
    contact.propose_at = 0
    turn.touch(contact)
    if event.choice == "accepted":
        if state.in_line(contact):
            turn.leave_line(contact)
        contact.channel = event.channel
        contact.target = state.policy.channels[event.channel].target
        contact.foretold = None
        teach.arrived(state, contact)
        turn.join_line(contact)
