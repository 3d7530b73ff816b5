"""From the configuration's words to flows in service: what is published, and the runner of sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.flows.ports import Ports
from router.flows.published import Published
from router.flows.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.tree import Tree
    from router.door import Door
    from router.flows.ports import Keeper, Performer
    from router.log.flow_store import FlowStore


def flow_runner(
    tree: Tree,
    door: Door,
    vault: Keeper,
    store: FlowStore,
    *,
    more: dict[str, Performer] | None = None,
    noted: Callable[[str], None] = lambda contact: None,
    via: str = "phone",
) -> Runner:
    """One for each gateway that renders flows: `noted` hears of a contact before the log does."""
    ports = Ports(tree, door, vault, closed=store.closed, more=more, noted=noted, via=via)
    return Runner(Published(store, Path(tree.flows.folder)), ports, store, tree.flows.trace_s)
