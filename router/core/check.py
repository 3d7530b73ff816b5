"""Whether an event is legal in this state: refuse it, know it for a double, or let it pass. Changes nothing.

Checked before any timer fires: an illegal line fires none and moves no time. Where a timer that is due would
overtake the event (an offer's expiry, the end of a wrap-up, a backstop), it is judged as if that had fired.
"""

from __future__ import annotations

from typing import NoReturn, assert_never

from router.core.events import (
    Again,
    Agent,
    Answer,
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
    Outcome,
    Refused,
    Shift,
    Takeover,
    Tick,
)
from router.core.lifecycle import CONTACT, LEAVABLE
from router.core.marks import mark_of
from router.core.policy import CHANNELS
from router.core.refusal import Refusal
from router.core.state import ContactRecord, State

Seen = bool  # True: a double of what was applied already


def check(state: State, event: Event, at: int) -> Seen:
    """Raises Refusal if the event is illegal now; returns whether it is a double."""
    if at < state.now:
        raise Refusal("time_went_back", f"it is {state.now / 1e6:.6f} already, the event says {at / 1e6:.6f}")
    match event:
        case Answer():
            return _answer(state, event, at)
        case Contact():
            return _contact(state, event)
        case Agent():
            _channels(state, event.capacity or {})
        case Gone():
            return _contact_move(state, event, event.contact, LEAVABLE, "is not waiting or offered")
        case Ended() | Done():
            where = ("connected",) if isinstance(event, Ended) else ("wrap_up",)
            seen = _contact_move(state, event, event.contact, where, f"is not {where[0]}")
            contact = state.contacts[event.contact]
            if not seen and event.agent is not None and event.agent != contact.agent:
                _agent(state, event.agent)
                _not_now(f"contact {event.contact} is with another agent than {event.agent}")
            return seen or _wrapped_up(contact, at)
        case Again():
            if event.channel is not None:
                _channels(state, [event.channel])
            seen = _contact_move(state, event, event.contact, ("connected", "wrap_up"), "is with no agent")
            if not seen and _wrapped_up(state.contacts[event.contact], at):
                _not_now(f"the wrap-up of contact {event.contact} is over")
            return seen
        case Found():
            return _found(state, event)
        case Outcome():
            agent = state.errands.get(event.effect)  # none: heard twice, or the backstop was first
            return agent is None or at >= state.agents[agent].releasing[event.effect]
        case Config():
            _channels_whole(event)
        case Consult() | Consulted() | Control():
            _not_now(f"contact {event.contact}: not yet")
        case Tick() | Takeover() | Shift() | Refused() | Gateway() | Device():
            pass  # always legal
        case _:
            assert_never(event)
    return False


def _answer(state: State, event: Answer, at: int) -> Seen:
    offer = state.offers.get(event.offer)
    if offer is None:
        if _was_made(state, event.offer):
            _not_now(f"offer {event.offer} is long closed")
        raise Refusal("unknown_offer", f"no offer {event.offer} was ever made")
    if (event.contact, event.agent) != (offer.contact, offer.agent):
        _record(state, event.contact)
        _agent(state, event.agent)
        _not_now(f"offer {event.offer} is of contact {offer.contact} to agent {offer.agent}")
    if offer.state == event.answer and state.contacts[offer.contact].marks.get(offer.offer) == mark_of(event):
        return True
    if offer.state != "open":
        _not_now(f"offer {event.offer} is closed: {offer.state}")
    if at >= offer.expires_at:
        _not_now(f"offer {event.offer} has expired")
    return False


def _was_made(state: State, offer: str) -> bool:
    """Whether an offer of this id was made, though its contact is forgotten by now."""
    number = offer[1:]
    if not (offer[:1] == "o" and number.isascii() and number.isdecimal() and len(number) < 19):
        return False
    return f"o{int(number)}" == offer and 1 <= int(number) <= state.offers_made


def _contact(state: State, event: Contact) -> Seen:
    known = state.contacts.get(event.contact)
    if known is not None:
        if known.mark == mark_of(event):
            return True
        _not_now(f"contact {event.contact} exists already, with other fields")
    _channels(state, [event.channel])
    return False


def _contact_move(state: State, event: Event, name: str, legal: tuple[str, ...], otherwise: str) -> Seen:
    contact = _record(state, name)
    if contact.state in legal:
        return False
    if contact.marks.get(type(event).__name__) == mark_of(event):
        return True
    _not_now(f"contact {name} {otherwise}: it is {contact.state}")


def _wrapped_up(contact: ContactRecord, at: int) -> bool:
    """Whether the core's own timer is about to end this wrap-up, so that nothing is left to do."""
    return contact.state == "wrap_up" and 0 < contact.wrap_until <= at


def _found(state: State, event: Found) -> Seen:
    contact = _record(state, event.contact)
    if contact.state in ("ended", "gone"):
        _not_now(f"contact {event.contact} is {contact.state}")
    if event.where == "bridged":
        if event.agent is None:
            raise Refusal("bad_field", "found bridged: agent is missing")
        _agent(state, event.agent)
        if (contact.state, "found_bridged") not in CONTACT:
            if contact.agent != event.agent:
                _not_now(f"contact {event.contact} is with {contact.agent}")
            return True
        held = state.agents[event.agent].hands
        if any(name != event.contact and state.contacts[name].state != "offered" for name in held):
            _not_now(f"agent {event.agent} serves another contact already")
    return False


def _record(state: State, name: str) -> ContactRecord:
    contact = state.contacts.get(name)
    if contact is None:
        raise Refusal("unknown_contact", f"no contact {name} is known")
    return contact


def _agent(state: State, name: str) -> None:
    if name not in state.agents:
        raise Refusal("unknown_agent", f"no agent {name} is known")


def _channels(state: State, names: object) -> None:
    for name in names:  # type: ignore[attr-defined]
        if name not in state.policy.channels:
            raise Refusal("bad_field", f"channel {name} is none of {', '.join(CHANNELS)}")


def _channels_whole(event: Config) -> None:
    missing = [name for name in CHANNELS if name not in event.policy.channels]
    if missing:
        raise Refusal("bad_field", f"the policy lacks the channels {', '.join(missing)}")


def _not_now(message: str) -> NoReturn:
    raise Refusal("not_now", message)
