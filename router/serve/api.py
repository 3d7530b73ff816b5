"""From the configuration's words to the API's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.settings import Settings

if TYPE_CHECKING:
    from config.tree import Tree


def api_settings(tree: Tree, pool: str, version: str) -> Settings:
    """A supervisor may listen at telephones of this configuration only; what it does not allow is refused."""
    archive, gateways = tree.log.archive, tree.gateways.asterisks()
    if not gateways:
        return Settings(pool, version, archive=archive)
    agents = (endpoint for agent in tree.agents.values() for endpoint in agent.phones)
    supervisors = (endpoint for phone in gateways.values() for endpoint in phone.supervisors)
    phones = frozenset((*agents, *supervisors))
    recording = frozenset(name for name, phone in gateways.items() if phone.recording.allowed)
    return Settings(pool, version, archive=archive, phones=phones, recording=recording)
