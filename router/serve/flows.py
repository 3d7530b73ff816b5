"""From the configuration's words to flows in service: what is published, and the runner of sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.flows.diary import Diary
from router.flows.lookup import Lookups
from router.flows.message import Messenger
from router.flows.ports import Ports
from router.flows.published import Published
from router.flows.runner import Runner
from router.flows.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.register import Register
    from config.tree import Tree
    from router.door import Door
    from router.flows.ports import Keeper, Performer
    from router.log.flow_store import FlowStore
    from router.notify.ways import Ways


def flow_runner(
    tree: Tree,
    door: Door,
    vault: Keeper,
    store: FlowStore,
    *,
    register: Register | None = None,
    ways: Ways | None = None,
    noted: Callable[[str], None] = lambda contact: None,
    via: str = "phone",
) -> Runner:
    """One for each gateway that renders flows: `noted` hears of a contact before the log does."""
    lookups = Lookups(tree.flows.services)
    who = None if register is None else Who(register, lookups, tree.flows.identity or "")
    more: dict[str, Performer] = {"notify": Messenger(ways or {}, register).notify}
    if who is not None:
        more["identify"] = who.identify
    if tree.flows.diary is not None:
        diary = Diary(lookups, tree.flows.diary)
        more |= {"slots": diary.slots, "book": diary.book}
    ports = Ports(
        tree, door, vault, closed=store.closed, lookups=lookups, more=more, who=who, noted=noted, via=via
    )
    return Runner(Published(store, Path(tree.flows.folder)), ports, store, tree.flows.trace_s)
