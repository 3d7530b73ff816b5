"""Nodes that neither wait nor ask: they say, decide, remember, call another flow, end."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from config.types import Id, about
from ivr_flows.kinds import Expression, Name, Step, To, Words


class Say(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say something and go on. A key pressed meanwhile answers the next question."""

    say: Annotated[Words, about("The text by language; {variable} in it is said as its kind asks.")]
    next: Annotated[To, about("Where it goes on.")]


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of a branch."""

    when: Annotated[Expression, about("Taken if this holds; the first that does.")]
    next: Annotated[To, about("Where it leads.")]


class Branch(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decide by what is known. What is missing, or cannot be compared, does not hold."""

    branch: Annotated[
        Annotated[tuple[Case, ...], Meta(min_length=1, max_length=50)], about("The cases, in order.")
    ]
    otherwise: Annotated[To, about("Where it leads if none holds.")]


class Set(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Remember something."""

    set: Annotated[
        Annotated[dict[Name, Expression], Meta(min_length=1, max_length=20)],
        about("Variables, and what each becomes, in order."),
    ]
    next: Annotated[To, about("Where it goes on.")]


class Run(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Go through another flow of the folder and come back. Its variables are its own."""

    run: Annotated[Id, about("The other flow, by its `flow`.")]
    give: Annotated[dict[Name, Expression], about("Variables it begins with.")] = field(default_factory=dict)
    take: Annotated[dict[Name, Name], about("Variables here that take over one of its own at its end.")] = (
        field(default_factory=dict)
    )
    next: Annotated[To, about("Where its end leads.")]
    ends: Annotated[dict[Id, To], about("Where one of its `end` names leads instead.")] = field(
        default_factory=dict
    )


class End(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end. In a flow that another one runs, its name is the way out."""

    end: Annotated[Id, about("How it ended, a word of your own: done, self-service, …")]
