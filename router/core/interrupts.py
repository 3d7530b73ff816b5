"""Work laid aside for somebody who cannot wait, and taken up again: the interrupt matrix.

An e-mail in hand does not keep its agent from a call whose channel may interrupt it. The call is offered;
once accepted, the mail is paused: still in the agent's hands, so nobody else reads it too. When nothing that
interrupts it is in hand any more, it is resumed. A mail that is only on offer goes back to its place. What
was left of a wrap-up is kept. Only deferrable work can be interrupted (`config/meaning.py`): no citizen is
left in the middle of a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.effects import Pause, Resume
from router.core.lifecycle import SERVED
from router.core.room import interrupts
from router.core.timers import Timer

if TYPE_CHECKING:
    from router.core.state import AgentRecord, ContactRecord, State
    from router.core.turn import Turn


def sort_hands(turn: Turn, agent: AgentRecord) -> None:
    """Something came into the agent's hands or left them: lay aside and take up what now must be."""
    state = turn.state
    for name, channel in list(agent.hands.items()):
        contact = state.contacts[name]
        must_wait = interrupted(state, agent, channel)
        if contact.state == "offered":
            if must_wait and name in agent.hands:
                turn.withdraw(contact, "preempted")
                turn.requeue(contact, "withdraw", "preempted")
        elif must_wait and contact.paused_at is None:
            pause(turn, agent, contact)
        elif not must_wait and contact.paused_at is not None:
            resume(turn, agent, contact)


def interrupted(state: State, agent: AgentRecord, channel: str) -> bool:
    """Whether the agent serves somebody who interrupts this channel. An open offer interrupts nothing yet."""
    return bool(state.policy.channels[channel].interrupted_by) and any(
        interrupts(state.policy, other, channel) and state.contacts[name].state in SERVED
        for name, other in agent.hands.items()
    )


def pause(turn: Turn, agent: AgentRecord, contact: ContactRecord) -> None:
    """It stays in the agent's hands; its clock of wrap-up stands still."""
    contact.paused_at = turn.state.now
    keep_wrap_up(turn, contact)
    turn.touch(contact)
    turn.ask(Pause(contact.contact, agent.agent, contact.via))


def keep_wrap_up(turn: Turn, contact: ContactRecord) -> None:
    """What is left of its wrap-up, if that began, is for when it is taken up again."""
    if contact.wrap_until:
        contact.wrap_left, contact.wrap_until = contact.wrap_until - turn.state.now, 0


def resume(turn: Turn, agent: AgentRecord, contact: ContactRecord) -> None:
    """Nothing interrupts it any more."""
    state = turn.state
    contact.paused_for, contact.paused_at = laid_aside(contact, state.now), None
    if contact.wrap_left:
        contact.wrap_until, contact.wrap_left = state.now + contact.wrap_left, 0
        state.timers.add(Timer(contact.wrap_until, "wrap_up", contact.contact))
    turn.touch(contact)
    turn.ask(Resume(contact.contact, agent.agent, contact.via))


def laid_aside(contact: ContactRecord, now: int) -> int:
    """How much of the time since it was connected its agent did something else."""
    return contact.paused_for + (0 if contact.paused_at is None else now - contact.paused_at)


def let_be(contact: ContactRecord) -> None:
    """It left its agent: nothing is laid aside any more."""
    contact.paused_at, contact.paused_for, contact.wrap_left = None, 0, 0
