"""One log line for each durable entry that concerns somebody, so that a contact can be followed by its id.

Pseudonyms, closed codes and figures only: what the log itself holds.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Event
    from router.door import Released

logger = logging.getLogger(__name__)


def log_entry(released: Released) -> None:
    """A listener of the door."""
    if not logger.isEnabledFor(logging.INFO):
        return
    entry = released.entry
    about = who(entry.event)
    if about:
        logger.info("event", extra=about | {"entry": entry.n, "event": type(entry.event).__name__.lower()})
    for effect in entry.effects:
        words = {"entry": entry.n, "effect": type(effect).__name__.lower()}
        logger.info("effect", extra=who(effect) | words)


def who(subject: Event | object) -> dict[str, str]:
    """The ids that an event or an effect names."""
    named = ((name, getattr(subject, name, None)) for name in ("contact", "agent", "offer"))
    return {name: value for name, value in named if value}
