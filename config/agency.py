"""Agencies that serve citizens together: their topics, hours, pools, and what each may tell the others."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.hours import Hours
from config.notify import Web
from config.types import Id, Text, about

FactKind = Literal["family", "address", "income"]
SharedKind = Literal["context", "family", "address", "income"]


class FactsServer(Web, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an agency knows of citizens, asked over HTTP: see docs/reference/agencies.md."""

    kinds: Annotated[Annotated[tuple[FactKind, ...], Meta(min_length=1)], about("What it can be asked for.")]
    fresh_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)], about("A fact older than this is shown as stale.")
    ] = 365
    cache_s: Annotated[
        Annotated[float, Meta(ge=0, le=86_400)],
        about("An answer is not asked for again within this; kept under the citizen's key."),
    ] = 300


class Agency(Struct, frozen=True, forbid_unknown_fields=True):
    """One agency behind the one door."""

    name: Annotated[Text, about("As citizens know it.")]
    topics: Annotated[tuple[Id, ...], about("What it is competent for; each topic is one agency's.")] = ()
    pool: Annotated[Id | None, about("The pool inside the one served that is its own; none: anybody.")] = None
    hours: Annotated[Hours | None, about("When it serves; none: whenever Guichet does.")] = None
    shares: Annotated[
        dict[Id, tuple[SharedKind, ...]],
        about("What it may tell which other agency, once the citizen agreed; `context`: why they came."),
    ] = field(default_factory=dict)
    facts: Annotated[FactsServer | None, about("Where its facts are asked for.")] = None
