"""From a flow's file, and those it runs, to typed flows; or every fault in them at once."""

from __future__ import annotations

from pathlib import Path

from ivr_flows.model import Flows


def load(path: Path) -> Flows:
    """The flow of this file with every flow it runs, from the same folder. Raises config.fault.Faults."""
    raise NotImplementedError
