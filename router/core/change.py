"""One thing that might have been otherwise, and the recorded step taken again with it. Pure.

What a change gives is never argued: the state before the step is thawed, one record or the event is altered
(or a lawful event put before it), and the same `step` runs. So whoever doubts it can run it too.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
from msgspec import Struct, structs

from router.core.effects import Offer
from router.core.events import Again, Agent, Contact, Done, Ended, Event, Needs, Origin
from router.core.lifecycle import FINISHED
from router.core.policy import SECOND, Policy
from router.core.snapshot import Frozen, freeze, thaw
from router.core.state import ContactRecord, State
from router.core.step import step

Kind = Literal[
    "ready", "free", "skill", "not_refused", "no_preference", "needs", "earlier", "credit", "no_credit",
    "weight",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


class Change(Struct, frozen=True, omit_defaults=True):
    """What is changed, and alone. Which fields speak depends on `kind`."""

    kind: Kind
    agent: str = ""  # ready, free, skill, not_refused: of whom
    skill: str = ""  # skill: which one; needs: which minimum
    level: int = 0  # skill: held from now on; needs: asked instead, 0 if not at all
    was: int = 0  # skill, needs, weight: the level or value that ruled
    seconds: int = 0  # earlier: by how much; credit: how much was granted
    weight: str = ""
    value: int = 0  # of the weight
    result: str = ""  # the agent to whom the contact would have been offered; empty: to nobody yet


class Moment(Struct, frozen=True):
    """A step as recorded: what was before it, and what happened."""

    before: bytes  # the frozen state
    event: Event
    at: int
    origin: Origin | None = None


def moment(state: State, event: Event, at: int, origin: Origin | None = None) -> Moment:
    """Right before the step. Contacts that ended long since are left out: no offer depends on them."""
    kept = msgspec.msgpack.decode(freeze(state), type=Frozen)
    named = getattr(event, "contact", None)
    kept.contacts = {n: c for n, c in kept.contacts.items() if c.state not in FINISHED or n == named}
    known = {offer for contact in kept.contacts.values() for offer in contact.offers}
    kept.offers = {name: offer for name, offer in kept.offers.items() if name in known}
    return Moment(msgspec.msgpack.encode(kept), event, at, origin)


def outcome(moment: Moment, contact: str, change: Change | None = None) -> str | None:
    """To whom the contact is offered when the step is taken again; empty: to nobody; None: it is unlawful."""
    if change is None:
        state, event, before = thaw(moment.before), moment.event, list[Event]()
    else:
        state, event, before = _altered(moment, contact, change)
    chosen = ""
    for each in (*before, event):
        origin = moment.origin if each is event else None
        result = step(state, each, moment.at, origin)
        if result.refusal is not None or (result.duplicate and each is event):
            return None
        for effect in result.effects:
            if isinstance(effect, Offer) and effect.contact == contact:
                chosen = effect.agent
    return chosen


def _altered(moment: Moment, contact: str, change: Change) -> tuple[State, Event, list[Event]]:
    """The state before the step, the event, and lawful events before it, as the change has them."""
    event = moment.event
    if change.kind in ("ready", "free", "skill"):
        state = thaw(moment.before)
        if isinstance(event, Agent) and event.agent == change.agent and change.kind != "free":
            return state, _spoken(state, event, change), []
        return state, event, _said(state, change) if change.agent in state.agents else []
    kept = msgspec.msgpack.decode(moment.before, type=Frozen)
    record = kept.contacts.get(contact)
    if change.kind == "weight":
        weights = structs.replace(kept.policy.weights, **{change.weight: change.value})
        kept.policy = structs.replace(kept.policy, weights=weights)
    elif isinstance(event, Contact) and event.contact == contact:
        event = _arrival(event, change)
    elif isinstance(event, Again) and event.contact == contact and change.kind in ("needs", "no_preference"):
        event = _transfer(event, change)
    elif record is not None:
        _record(record, kept.policy, change)
    return thaw(msgspec.msgpack.encode(kept)), event, []


def _spoken(state: State, event: Agent, change: Change) -> Agent:
    """What the agent says in this very step, as they would have said it."""
    if change.kind == "ready":
        return structs.replace(event, state="ready")
    known = state.agents.get(event.agent)
    skills = event.skills if event.skills is not None else known.skills if known else {}
    return structs.replace(event, skills={**skills, change.skill: change.level})


def _said(state: State, change: Change) -> list[Event]:
    """What would have been heard of an agent right before."""
    agent = state.agents[change.agent]
    if change.kind == "ready":
        return [Agent(agent.agent, "ready")]
    if change.kind == "skill":
        skills = {**agent.skills, change.skill: change.level}
        return [Agent(agent.agent, agent.state, agent.reason, skills)]
    over: list[Event] = []
    for name in sorted(agent.hands):
        if state.contacts[name].state == "connected":
            over.append(Ended(name))
        over.append(Done(name, agent.agent))
    return over


def _arrival(event: Contact, change: Change) -> Contact:
    """The contact as it would have come."""
    if change.kind == "earlier":
        return structs.replace(event, waited=event.waited + change.seconds * SECOND)
    if change.kind == "credit":
        return structs.replace(event, vulnerable=True)
    if change.kind == "no_credit":
        return structs.replace(event, vulnerable=False, cut=False, journey=0)
    if change.kind == "no_preference":
        return structs.replace(event, prefers=())
    assert change.kind == "needs", change.kind
    return structs.replace(event, needs=eased(event.needs, change))


def _transfer(event: Again, change: Change) -> Again:
    """The transfer as it would have been asked for."""
    if change.kind == "no_preference":
        return structs.replace(event, prefers=())
    return structs.replace(event, needs=eased(event.needs, change))


def _record(record: ContactRecord, policy: Policy, change: Change) -> None:
    """The contact as it would have stood there."""
    if change.kind == "earlier":
        record.arrived_at -= change.seconds * SECOND
        record.rank -= change.seconds * SECOND
    elif change.kind == "credit":
        record.rank = record.arrived_at - min(policy.vulnerable_credit, policy.credit_cap)
    elif change.kind == "no_credit":
        record.rank = record.arrived_at
    elif change.kind == "not_refused":
        record.refusals.pop(change.agent, None)
    elif change.kind == "no_preference":
        record.prefers, record.prefers_until = (), 0
    else:
        assert change.kind == "needs", change.kind
        record.needs = eased(record.needs, change)


def eased(needs: Needs, change: Change) -> Needs:
    """The same needs with one minimum lower, or without it, in each alternative that asks more."""
    return tuple(
        {
            skill: change.level if skill == change.skill else least
            for skill, least in minimums.items()
            if skill != change.skill or change.level
        }
        if minimums.get(change.skill, 0) > change.level
        else minimums
        for minimums in needs
    )
