"""What types cannot say of a flow: every fault at once, with its place and its mend."""

from __future__ import annotations

from collections.abc import Mapping

from config.fault import Fault
from config.tree import Tree
from ivr_flows.model import Flows


def check(flows: Flows, places: Mapping[str, object], tree: Tree | None = None) -> list[Fault]:
    """All faults and warnings. With a configuration: needs no agent has, services not installed."""
    raise NotImplementedError
