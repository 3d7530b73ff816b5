"""From the configuration's words to agencies: what they share, when they are open, where their facts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.sharing import Agencies, Agency
from config.hours import is_open, next_opening
from router.api.agencies import Opening
from router.facts.asking import Source
from router.facts.ledger import Asked, Ledger
from router.outward import Outward
from router.serve.citizens import now
from router.serve.notify import server_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.register import Register
    from config.tree import Tree


class AgencyParts(Struct, frozen=True):
    """What the API needs."""

    agencies: Agencies
    ledger: Ledger
    opening: Callable[[str], Opening]


def open_agencies(tree: Tree, register: Register) -> AgencyParts:
    """None of it is there without a word of it in the configuration."""
    agencies = Agencies(
        {
            name: Agency(
                name,
                each.name,
                each.topics,
                each.pool or "",
                {other: frozenset(kinds) for other, kinds in each.shares.items()},
            )
            for name, each in tree.agencies.items()
        }
    )
    servers = {
        name: Asked(
            Source(name, Outward(server_of(each.facts))),
            frozenset(each.facts.kinds),
            each.facts.fresh_days,
            round(each.facts.cache_s * 1_000_000),
        )
        for name, each in tree.agencies.items()
        if each.facts is not None
    }

    def opening(agency: str) -> Opening:
        hours, at = tree.agencies[agency].hours or tree.hours, now()
        if hours is None or is_open(hours, at):
            return Opening(True)
        opens = next_opening(hours, at)
        return Opening(False, None if opens is None else round(opens.timestamp() * 1_000_000))

    return AgencyParts(agencies, Ledger(register, agencies, servers, now), opening)
