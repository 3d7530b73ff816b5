"""From the configuration's words to the API's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.api.settings import Settings
from router.flows.published import Published
from router.log.flow_store import FlowStore

if TYPE_CHECKING:
    from config.tree import Tree


def api_settings(tree: Tree, pool: str, version: str, store: FlowStore | None = None) -> Settings:
    """A supervisor may listen at telephones of this configuration only; what it does not allow is refused."""
    archive, gateways = tree.log.archive, tree.gateways.asterisks()
    flows = None if store is None else Published(store, Path(tree.flows.folder))
    if not gateways:
        return Settings(pool, version, archive=archive, flows=flows, flow_store=store)
    agents = (endpoint for agent in tree.agents.values() for endpoint in agent.phones)
    supervisors = (endpoint for phone in gateways.values() for endpoint in phone.supervisors)
    phones = frozenset((*agents, *supervisors))
    recording = frozenset(name for name, phone in gateways.items() if phone.recording.allowed)
    return Settings(
        pool, version, archive=archive, phones=phones, recording=recording, flows=flows, flow_store=store
    )
