"""From the configuration's words to the API's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.settings import Settings

if TYPE_CHECKING:
    from config.tree import Tree


def api_settings(tree: Tree, pool: str, version: str) -> Settings:
    """A supervisor may listen at telephones of this configuration only; what it does not allow is refused."""
    phone = tree.gateways.phone
    if phone is None:
        return Settings(pool, version)
    endpoints = (each for agent in tree.agents.values() for each in agent.phones)
    phones = frozenset((*endpoints, *phone.supervisors))
    return Settings(pool, version, phones=phones, recording=phone.recording.allowed)
