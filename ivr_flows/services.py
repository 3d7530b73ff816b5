"""Nodes that ask something of a service. One that is not installed answers through `unavailable`.

Where such a way is left out it leads to the flow's `person`: a service that fails costs nobody their answer.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from config.types import Id, Levels, about
from ivr_flows.kinds import Expression, Fact, Name, Number, Step, To, WithinS, Words

Given = Annotated[dict[Name, Expression], Meta(max_length=20)]


class Hours(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a calendar is open now. `emergency` is the supervisors' switch, which closes at once."""

    hours: Annotated[Id, about("A calendar of the configuration; `main` is the agency's `hours`.")]
    open: Annotated[To, about("Where it leads when open.")]
    closed: Annotated[To, about("Where it leads when closed. `opens` and `reason` may be said there.")]
    emergency: Annotated[To | None, about("When closed by the switch; none: as `closed`.")] = None


class Lookup(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask another system: an HTTP service of the configuration, or a plug-in in Python."""

    lookup: Annotated[Id, about("The service's name in the configuration, `flows.services`.")]
    send: Annotated[Given, about("What it is told.")] = field(default_factory=dict)
    gives: Annotated[
        Annotated[dict[Name, Fact], Meta(max_length=40)],
        about("What it answers, each with its kind: these become variables."),
    ] = field(default_factory=dict)
    within_s: Annotated[WithinS, about("After this it counts as unavailable.")] = 3
    next: Annotated[To, about("Where an answer leads.")]
    missing: Annotated[To | None, about("It knows of no such thing; none: the flow's `person`.")] = None
    unavailable: Annotated[To | None, about("It did not answer; none: the flow's `person`.")] = None


class Identify(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is it? By what the citizen claims; nobody is joined with anybody by an unverified claim."""

    identify: Annotated[
        Annotated[dict[Id, Expression], Meta(min_length=1, max_length=10)],
        about("Claims by their kind: beneficiary, birth-date, phone, email."),
    ]
    next: Annotated[To, about("Where somebody known and verified goes; `verified` is then true.")]
    unknown: Annotated[To | None, about("Not known, or not proved; none: the flow's `person`.")] = None
    unavailable: Annotated[To | None, about("It cannot be asked; none: the flow's `person`.")] = None


class Route(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask for an agent. Everything said and keyed goes along, so that nobody repeats themselves."""

    route: Annotated[Id | None, about("A topic of the configuration, with its needs and target.")]
    needs: Annotated[Levels, about("Further skills with their least level.")] = field(default_factory=dict)
    vulnerable: Annotated[Expression, about("Holds for a citizen known, and verified, as vulnerable.")] = (
        False
    )
    next: Annotated[To, about("Where the place in line leads: a `wait`.")]
    unavailable: Annotated[
        To | None,
        about("No place can be had; none: it ends with a word of regret, and is told to supervisors."),
    ] = None


class Callback(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Promise a call-back. Who already waits keeps their place."""

    callback: Annotated[Expression, about("The number to call: `caller`, or a variable of format phone.")]
    topic: Annotated[Id | None, about("The topic; none: of the last `route`.")] = None
    next: Annotated[To, about("Where a promise leads.")]
    unavailable: Annotated[To | None, about("None can be promised; none: the flow's `person`.")] = None


class Appointment(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Propose up to three moments with an agent face to face, and book the one chosen."""

    appointment: Annotated[
        Literal["counter", "bus", "phone"], about("Where: a counter, the service bus, a call.")
    ]
    postcode: Annotated[Expression | None, about("Near this postcode.")] = None
    topic: Annotated[Id | None, about("What it is about; none: the topic of the last `route`.")] = None
    next: Annotated[To, about("Where a booked one leads; `place` and `begins` may be said there.")]
    refused: Annotated[To | None, about("None of them suits, or silence; none: the flow's `person`.")] = None
    unavailable: Annotated[To | None, about("There is none; none: the flow's `person`.")] = None


class Notify(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Send a message."""

    notify: Annotated[Literal["sms", "email"], about("By what.")]
    message: Annotated[Words, about("The text, by language.")]
    to: Annotated[Expression, about("The number or address; `caller` is who called.")] = "caller"
    next: Annotated[To, about("Where it goes on once it is on its way.")]
    unavailable: Annotated[To | None, about("It could not be sent; none: as `next`.")] = None


class Transfer(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hand the call over to a number outside. Text tells the number instead."""

    transfer: Annotated[Number, about("The number.")]
    next: Annotated[To | None, about("After that conversation; none: it is over.")] = None
    unavailable: Annotated[To | None, about("Nobody answered there; none: the flow's `person`.")] = None
