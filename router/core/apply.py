"""Which change each event makes: the table of contents of the core. Called by `step` alone, after `check`."""

from __future__ import annotations

from typing import assert_never

from router.core.adopt import found, takeover
from router.core.deadlines import shift
from router.core.events import (
    Again,
    Agent,
    Answer,
    Choice,
    Config,
    Consult,
    Consulted,
    Contact,
    Control,
    Device,
    Done,
    Ended,
    Event,
    Found,
    Gateway,
    Gone,
    Move,
    Outcome,
    Refused,
    Shift,
    Takeover,
    Tick,
)
from router.core.gateways import device, gateway
from router.core.marks import mark_of
from router.core.move import move
from router.core.propose import choice
from router.core.serving import again, answer, arrive, done, ended, gone, put_aside
from router.core.staffing import agent_says, config
from router.core.talk import consult, consulted, control, performed
from router.core.turn import Turn


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
        case Move():
            move(turn, event)
        case Choice():
            choice(turn, event)
        case Found():
            found(turn, event)
        case Takeover():
            takeover(turn, event)
        case Shift():
            shift(turn, event.by)
        case Outcome():
            outcome(turn, event)
        case Gateway():
            gateway(turn, event)
        case Device():
            device(turn, event)
        case Consult():
            consult(turn, event)
        case Consulted():
            consulted(turn, event)
        case Control():
            control(turn, event)
        case Config():
            config(turn, event)
        case Refused():
            put_aside(turn, event)
        case Tick():
            pass
        case _:
            assert_never(event)
    if isinstance(event, (Gone, Ended, Done, Again, Move, Choice, Consult, Consulted)):
        contact = turn.state.contacts[event.contact]
        contact.marks[type(event).__name__] = mark_of(event)


def outcome(turn: Turn, event: Outcome) -> None:
    """Known now: an agent is no longer blocked, or a control is no longer awaited."""
    state, effect = turn.state, event.effect
    if effect in state.errands:
        turn.errand_over(state.agents[state.errands[effect]], effect)
    else:
        contact = state.contacts[state.controls[effect]]
        if event.result == "done":
            performed(contact, contact.controls[effect])
        turn.control_over(contact, effect)
