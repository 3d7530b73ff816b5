"""Which citizens are one person: links between them, each with its reason, each undone by itself. Pure.

Nothing is moved when two become one: a link is drawn. So taking it back restores exactly what was before.
Links form trees: between two citizens there is one path, and it is the explanation.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Why = Literal[
    "proved_email", "proved_beneficiary", "proved_franceconnect", "proved_handle",  # both proved it
    "confirmed",  # an agent made sure during a contact
    "duplicate",  # somebody found the same person twice
]  # fmt: skip


class Link(Struct, frozen=True, array_like=True, order=True):
    """These two are one person. It holds pseudonyms and closed codes only."""

    link: str
    one: str
    other: str
    why: Why
    by: str  # pseudonym or role; `register` for the rule
    at: int  # microseconds since 1970


class Whole(Struct, frozen=True, array_like=True):
    """One person of several citizens."""

    members: tuple[str, ...]
    links: tuple[Link, ...]


def joined(one: Whole, other: Whole, link: Link) -> Whole:
    """Both, and the link between them."""
    return Whole(tuple(sorted({*one.members, *other.members})), (*one.links, *other.links, link))


def parted(whole: Whole, link: str) -> tuple[Whole, Whole]:
    """What is left on either side of a link. Raises KeyError where there is no such link."""
    cut = next((each for each in whole.links if each.link == link), None)
    if cut is None:
        raise KeyError(link)
    left = tuple(each for each in whole.links if each.link != link)
    return _side(cut.one, left), _side(cut.other, left)


def path(whole: Whole, start: str, end: str) -> tuple[Link, ...]:
    """Why these two are one person: the links that lead from one to the other."""
    ways: dict[str, tuple[Link, ...]] = {start: ()}
    todo = [start]
    while todo and end not in ways:
        here = todo.pop()
        for link in whole.links:
            if here in (link.one, link.other):
                there = link.other if here == link.one else link.one
                if there not in ways:
                    ways[there] = (*ways[here], link)
                    todo.append(there)
    return ways.get(end, ())


def _side(citizen: str, links: tuple[Link, ...]) -> Whole:
    members = {citizen}
    grown = True
    while grown:
        more = {end for each in links if members & {each.one, each.other} for end in (each.one, each.other)}
        grown = not more <= members
        members |= more
    return Whole(tuple(sorted(members)), tuple(each for each in links if {each.one, each.other} & members))
