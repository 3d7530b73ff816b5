"""Whether an event is legal in this state: refuse it, know it for a double, or let it pass. Changes nothing.

Checked before any timer fires: an illegal line fires none and moves no time. Where a timer that is due would
overtake the event (an offer's expiry, the end of a wrap-up, a backstop), it is judged as if that had fired.
"""

from __future__ import annotations

from typing import assert_never

from router.core import check_choice, check_place, check_talk
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
from router.core.lifecycle import LEAVABLE
from router.core.marks import mark_of
from router.core.must import agent_of, contact_of, not_now, steered
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
                agent_of(state, event.agent)
                not_now(f"contact {event.contact} is with another agent than {event.agent}")
            return seen or _wrapped_up(contact, at)
        case Again():
            if event.channel is not None:
                _channels(state, [event.channel])
            seen = _contact_move(state, event, event.contact, ("connected", "wrap_up"), "is with no agent")
            if not seen and _wrapped_up(state.contacts[event.contact], at):
                not_now(f"the wrap-up of contact {event.contact} is over")
            if not seen:
                check_place.transfer(state, state.contacts[event.contact], event)
            return seen or _transfer(state, state.contacts[event.contact], at)
        case Move():
            return check_place.move(state, event)
        case Choice():
            return check_choice.choice(state, event)
        case Found():
            return check_talk.found(state, event, at)
        case Outcome():
            agent = state.errands.get(event.effect)
            if agent is None:  # of a control; or heard twice, or the backstop was first
                return event.effect not in state.controls
            return at >= state.agents[agent].releasing[event.effect]
        case Config():
            _channels_whole(event)
            check_place.policy(event.policy)
        case Gateway():
            return state.gateways.get(event.gateway) == event.state
        case Device():
            return agent_of(state, event.agent).devices.get(event.gateway, "free") == event.state
        case Consult():
            return check_talk.consult(state, event, at)
        case Consulted():
            return check_talk.consulted(state, event, at)
        case Control():
            return check_talk.control(state, event, at)
        case Tick() | Takeover() | Shift() | Refused():
            pass  # always legal
        case _:
            assert_never(event)
    return False


def _answer(state: State, event: Answer, at: int) -> Seen:
    offer = state.offers.get(event.offer)
    if offer is None:
        if _was_made(state, event.offer):
            not_now(f"offer {event.offer} is long closed")
        raise Refusal("unknown_offer", f"no offer {event.offer} was ever made")
    if (event.contact, event.agent) != (offer.contact, offer.agent):
        contact_of(state, event.contact)
        agent_of(state, event.agent)
        not_now(f"offer {event.offer} is of contact {offer.contact} to agent {offer.agent}")
    if offer.state == event.answer and state.contacts[offer.contact].marks.get(offer.offer) == mark_of(event):
        return True
    if offer.state != "open":
        not_now(f"offer {event.offer} is closed: {offer.state}")
    if at >= offer.expires_at:
        not_now(f"offer {event.offer} has expired")
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
        not_now(f"contact {event.contact} exists already, with other fields")
    _channels(state, [event.channel])
    check_place.arrival(state, event)
    return False


def _contact_move(state: State, event: Event, name: str, legal: tuple[str, ...], otherwise: str) -> Seen:
    contact = contact_of(state, name)
    if contact.state in legal:
        return False
    if contact.marks.get(type(event).__name__) == mark_of(event):
        return True
    not_now(f"contact {name} {otherwise}: it is {contact.state}")


def _wrapped_up(contact: ContactRecord, at: int) -> bool:
    """Whether the core's own timer is about to end this wrap-up, so that nothing is left to do."""
    return contact.state == "wrap_up" and 0 < contact.wrap_until <= at


def _transfer(state: State, contact: ContactRecord, at: int) -> Seen:
    """Its gateway must part the two who talk, and a colleague must not be left hanging."""
    if contact.state == "connected" and contact.via:
        steered(state, contact)
        second = check_talk.second_of(contact, at)
        if second is not None:
            not_now(f"contact {contact.contact} has a second, {second}: complete or take back first")
    return False


def _channels(state: State, names: object) -> None:
    for name in names:  # type: ignore[attr-defined]
        if name not in state.policy.channels:
            raise Refusal("bad_field", f"channel {name} is none of {', '.join(CHANNELS)}")


def _channels_whole(event: Config) -> None:
    missing = [name for name in CHANNELS if name not in event.policy.channels]
    if missing:
        raise Refusal("bad_field", f"the policy lacks the channels {', '.join(missing)}")
