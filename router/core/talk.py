"""What may happen within a conversation: a colleague is asked, a control is used. Its gateway does it.

Called by `apply`, after `check` let the event pass.
"""

from __future__ import annotations

from router.core import effects, interrupts
from router.core.events import Consult, Consulted, Control
from router.core.state import ContactRecord
from router.core.turn import Turn, set_contact_timers

PENDING_MAX = 16  # controls of one contact whose outcome is awaited; an older one's is no longer


def consult(turn: Turn, event: Consult) -> None:
    """Keep the colleague for it and have them rung. A gateway that never tells keeps nobody for ever."""
    state = turn.state
    contact, second = state.contacts[event.contact], state.agents[event.second]
    contact.second = second.agent
    contact.consult_until = state.now + state.policy.offer_expiry + state.policy.release_backstop
    turn.hold(second, contact)
    interrupts.sort_hands(turn, second)
    turn.touch(contact)
    set_contact_timers(state, contact)
    name = turn.effect_id()
    turn.ask(effects.Consult(contact.contact, contact.agent or "", second.agent, contact.via, name))


def consulted(turn: Turn, event: Consulted) -> None:
    """They talk to each other, or the colleague is free again."""
    contact = turn.state.contacts[event.contact]
    if event.result in ("failed", "over"):
        turn.let_second_go(contact)
    contact.consult_until = 0
    turn.touch(contact)


def control(turn: Turn, event: Control) -> None:
    """Ask it of the gateway; nothing else changes before the gateway says so."""
    state = turn.state
    contact = state.contacts[event.contact]
    name = turn.effect_id()
    contact.controls[name] = event.what
    state.controls[name] = contact.contact
    while len(contact.controls) > PENDING_MAX:
        turn.control_over(contact, next(iter(contact.controls)))
    turn.touch(contact)
    turn.ask(
        effects.Perform(
            contact.contact,
            event.what,
            contact.agent or "",
            contact.via,
            name,
            contact.second or "",
            event.value,
        )
    )


def performed(contact: ContactRecord, what: str) -> None:
    """A control is known to be done: what people must see of the conversation, also after a restart."""
    match what:
        case "hold":
            contact.held = True
        case "unhold" | "complete" | "back" | "conference":
            contact.held = False
        case "record" | "resume":
            contact.recording = "on"
        case "pause":
            contact.recording = "paused"
        case "stop":
            contact.recording = ""
