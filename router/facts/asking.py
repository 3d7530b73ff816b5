"""One agency's server asked for facts: the small contract of docs/reference/agencies.md.

    POST URL  {"identifiers": [{"kind", "value"}], "kinds": [...], "purpose", "reference"}
           →  200 {"facts": [{"kind", "at", "values": {...}, "purposes": [...]}]}, 404: nobody is known there

What it answers is a stranger's: bounded, typed, and its source is the agency that was asked.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from citizens.stated import Fact, Kind, Name, Plain
from router.outward import Failed, Outward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citizens.identifier import Identifier

MOST = 50  # facts of one answer
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Stated(Struct, frozen=True):
    """A fact as a server sends it. `at`: a date and time with its zone."""

    kind: Kind
    at: dt.datetime
    values: Annotated[dict[Name, Plain], Meta(min_length=1, max_length=40)]
    purposes: Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=20)] = ()


class Statement(Struct, frozen=True):
    facts: Annotated[list[Stated], Meta(max_length=MOST)]


class Source:
    """One agency's."""

    def __init__(self, agency: str, server: Outward) -> None:
        self.agency, self._server = agency, server

    async def ask(
        self, identifiers: Sequence[Identifier], kinds: Sequence[Kind], purpose: str, reference: str
    ) -> list[Fact]:
        """What it states of whoever has one of these identifiers. Raises Failed."""
        body = {
            "identifiers": [{"kind": each.kind, "value": each.value} for each in identifiers],
            "kinds": sorted(kinds),
            "purpose": purpose,
            "reference": reference,
        }
        answer = await self._server.ask("POST", (), body)
        if answer.status == 404:
            return []
        if answer.status != 200:
            raise Failed("login" if answer.status in (401, 403) else "refused")
        try:
            stated = msgspec.convert(answer.value, Statement).facts
            if any(each.at.tzinfo is None for each in stated):
                raise Failed("nonsense")
        except msgspec.ValidationError:
            raise Failed("nonsense") from None
        wanted = [each for each in stated if each.kind in kinds]
        return [Fact(each.kind, each.values, _micros(each.at), self.agency, each.purposes) for each in wanted]


def _micros(at: dt.datetime) -> int:
    return (at - EPOCH) // dt.timedelta(microseconds=1)
