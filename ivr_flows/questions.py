"""Nodes that wait for the citizen. After silence or wrong answers each goes on by itself, to a person."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from config.types import Id, about
from ivr_flows.kinds import Digits, Expression, Key, Name, Question, Scale, Step, To, Tongue, Words, Written


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a menu offers."""

    label: Annotated[
        Words, about("What it is, by language, without its key: the phone says the key, text shows a button.")
    ]
    next: Annotated[To, about("Where it leads.")]
    set: Annotated[dict[Name, Expression], about("Variables that this choice sets.")] = field(
        default_factory=dict
    )
    when: Annotated[Expression | None, about("Offered only if this holds; none: always.")] = None


class Menu(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choose one of a few things, by a key on the phone, by a button or in words in text.

    Key 0 leads to the flow's `person` and * says it again, unless the menu gives them another meaning.
    """

    menu: Annotated[
        Annotated[dict[Key, Choice], Meta(min_length=1, max_length=12)],
        about("What each key leads to. More than four choices tire."),
    ]


class Collect(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take digits or text, checked by a format; a wrong one is asked again with the format's own hint."""

    collect: Annotated[Id, about("A format: digits, number, text, date, birth-date, postcode, phone, …")]
    into: Annotated[Name, about("The variable that holds it.")]
    next: Annotated[To, about("Where a good answer leads.")]
    length: Annotated[Digits | None, about("Exactly so many digits or characters.")] = None
    at_most: Annotated[Digits | None, about("At most so many; on the phone # ends what is shorter.")] = None


class Confirm(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question to be answered by yes (key 1) or no (key 2)."""

    confirm: Annotated[Words, about("The question, by language.")]
    yes: Annotated[To, about("Where yes leads.")]
    no: Annotated[To, about("Where no leads.")]


class Language(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choose the language, each named in itself. Silence keeps the present one and goes to `next`."""

    language: Annotated[
        Annotated[dict[Key, Tongue], Meta(min_length=1, max_length=9)],
        about("Languages of the flow by key."),
    ]
    next: Annotated[To, about("Where it goes on.")]


class Offer(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Propose other channels, each with an honest wait. Only a yes moves anybody; a no is remembered.

    Not asked at all where the citizen said no before, or where nothing is to be had: then `next`.
    """

    offer: Annotated[
        Annotated[dict[Written, To], Meta(min_length=1, max_length=5)],
        about("Channels, and where a yes to each leads."),
    ]
    next: Annotated[To, about("Where no, silence and nothing to offer lead.")]
    topic: Annotated[Id | None, about("Whose waits are told; none: of the last `route`.")] = None


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of a survey."""

    say: Annotated[Words, about("The question, by language.")]
    into: Annotated[Name, about("The variable that holds the mark.")]
    scale: Annotated[Scale, about("Marks from 1 to this.")] = 5


class Survey(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A few questions with marks. Silence passes over a question; nobody is held."""

    survey: Annotated[
        Annotated[tuple[Asked, ...], Meta(min_length=1, max_length=10)], about("The questions, in order.")
    ]
    next: Annotated[To, about("Where it goes on, whatever was answered.")]


class Waiting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is heard while waiting."""

    music: Annotated[Id, about("Class of music in Asterisk.")] = "default"
    announce_s: Annotated[
        Annotated[float, Meta(ge=0, le=3600)],
        about("So often place and wait are told; 0: never."),
    ] = 30
    callback_key: Annotated[Key, about("The key to leave for a call-back.")] = "1"


class Wait(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wait for the agent, in the place that `route` got. The phone plays music, text stays quiet.

    Place in line and an interval of wait are announced; what is told is what is measured.
    """

    wait: Annotated[Waiting, about("How it is.")]
    callback: Annotated[
        To | None,
        about("Where the key `callback_key` leads: a call-back that keeps the place; none: no key."),
    ] = None
    next: Annotated[To | None, about("After the conversation: a survey, say; none: it is over.")] = None
    unavailable: Annotated[To | None, about("Nobody can be had after all; none: the flow's `person`.")] = None
