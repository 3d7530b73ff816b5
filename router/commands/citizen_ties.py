"""`guichet citizen merge | split | why | correct`: who is one with whom and why, and whose an address is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from citizens.links import Link, Whole, path
from router.commands.citizen_given import at, is_kind, value_of, when
from router.commands.table import table

if TYPE_CHECKING:
    from router.commands.client import Client

SAYS = {"shared": "shared", "alone": "theirs_alone", "not-theirs": "not_theirs"}


def merge(client: Client, one: str, other: str) -> int:
    """Two are one person."""
    made = client.ask("POST", f"{at(one)}/merge", {"other": other, "why": "duplicate"})
    print(f"{made['link']}: undone by guichet citizen split {one} {made['link']}")
    return 0


def split(client: Client, citizen: str, link: str) -> int:
    """A link was wrong."""
    left = client.ask("POST", f"{at(citizen)}/split", {"link": link})["citizens"]
    print(f"{citizen} is now {len(left)} citizen{'s' * (len(left) > 1)}: {' '.join(left)}")
    return 0


def why(client: Client, one: str, other: str) -> int:
    """The links between two who are one person, in order."""
    shown = client.ask("GET", f"{at(one)}?{urlencode({'purpose': 'request'})}")
    links = tuple(
        Link(each["link"], each["one"], each["other"], each["why"], each["by"], each["at"])
        for each in shown["links"]
    )
    way = path(Whole(tuple(shown["citizens"]), links), one, other)
    if not way:
        print(f"{one} and {other} are not one person")
        return 1
    rows = [(each.one, each.other, each.why, each.by, when(each.at), each.link) for each in way]
    print(table(["CITIZEN", "IS", "BECAUSE", "BY", "AT", "LINK"], rows))
    return 0


def correct(client: Client, citizen: str, kind: str, value: str, says: str) -> int:
    """An address that others use too, or that is not theirs."""
    if not is_kind(kind):
        return 2
    if says not in SAYS:
        print(f"guichet citizen correct: the last word is one of {', '.join(SAYS)}", file=sys.stderr)
        return 2
    body = {"kind": kind, "value": value_of(value), "says": SAYS[says]}
    held = client.ask("POST", f"{at(citizen)}/identifiers", body).get("identifiers", ())
    rows = [
        (each["citizen"], each["kind"], each["value"], each["how"], "shared" if each.get("shared") else "")
        for each in held
    ]
    print(table(["CITIZEN", "KIND", "VALUE", "HOW", "SHARED"], rows) if rows else "nothing is left")
    return 0
