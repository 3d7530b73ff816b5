"""What types cannot say of agencies: topics, pools and partners that exist, and a door for each topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.doubt import Doubt
from config.fault import nearest
from config.meaning_notify import web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.tree import Tree


def doubts(tree: Tree) -> Iterator[Doubt]:
    """Everything odd in `agencies`."""
    owner: dict[str, str] = {}
    inner = [name for pool in tree.pools.values() for name in pool.pools]
    pools: dict[str, str] = {}
    for name, agency in tree.agencies.items():
        path = ("agencies", name)
        for index, topic in enumerate(agency.topics):
            if topic not in tree.topics:
                near = nearest(topic, tree.topics)
                yield Doubt((*path, "topics", index), f"no topic `{topic}`: {near}")
            if (first := owner.setdefault(topic, name)) != name:
                yield Doubt((*path, "topics", index), f"`{topic}` is a topic of `{first}` already")
        if agency.pool is not None and agency.pool not in inner:
            near = nearest(agency.pool, inner)
            yield Doubt((*path, "pool"), f"no pool `{agency.pool}` inside another: {near}")
        if agency.pool is not None and (first := pools.setdefault(agency.pool, name)) != name:
            yield Doubt((*path, "pool"), f"the pool of `{first}` already: whose agents are they?")
        for other in agency.shares:
            if other == name or other not in tree.agencies:
                near = nearest(other, [each for each in tree.agencies if each != name])
                yield Doubt((*path, "shares", other), f"no other agency `{other}`: {near}")
        if agency.facts is not None:
            yield from web(agency.facts.url, private=agency.facts.private, path=(*path, "facts", "url"))
    if tree.agencies:
        for topic in tree.topics:
            if topic not in owner:
                yield Doubt(("topics", topic), "no agency is competent for it (`agencies.*.topics`)", True)
