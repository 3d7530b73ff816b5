"""What the API must know of the installation, besides its tokens."""

from __future__ import annotations

from msgspec import Struct

from router.flows.published import Published
from router.log.flow_store import FlowStore


class Settings(Struct, frozen=True):
    """`title` is shown on the page: the agency's name, or the demonstration's.

    `archive`: folder of the archive, for what was; empty: none is kept.
    `phones`: endpoints at which a supervisor may listen. `recording`: gateways whose calls agents may record.
    """

    pool: str = "main"
    version: str = "0.1.0"
    title: str = "Guichet"
    archive: str = ""
    phones: frozenset[str] = frozenset()
    recording: frozenset[str] = frozenset()
    flows: Published | None = None  # none: this Guichet keeps no flows
    flow_store: FlowStore | None = None
