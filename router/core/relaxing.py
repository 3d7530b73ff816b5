"""Who waits in line with steps of relaxation still to come, by what they need now.

Derived from the records alone. It decides nothing: `afresh` asks it whose step nobody present makes worth
waiting for, so an agent who leaves costs a look at each kind of needs, however many contacts wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.needs import NeedsKey, needs_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.core.state import ContactRecord

Kind = tuple[str, NeedsKey]  # channel and needs


class Relaxing:
    """Contacts by kind, as they joined their lines."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, dict[str, None]] = {}

    def joined(self, contact: ContactRecord) -> None:
        """It stands in a line now."""
        if contact.relax:
            self._kinds.setdefault(_kind(contact), {})[contact.contact] = None

    def left(self, contact: ContactRecord) -> None:
        """It is about to leave its line; its needs and steps are those it joined with."""
        if contact.relax:
            kind = _kind(contact)
            del self._kinds[kind][contact.contact]
            if not self._kinds[kind]:
                del self._kinds[kind]

    def __iter__(self) -> Iterator[dict[str, None]]:
        return iter(self._kinds.values())


def _kind(contact: ContactRecord) -> Kind:
    return contact.channel, needs_key(contact.needs)
