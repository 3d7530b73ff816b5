"""When two contacts need the same: the key of their kind of needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord

NeedsKey = tuple[tuple[tuple[str, int], ...], ...]
KindKey = tuple[str, NeedsKey]  # channel and needs


_last: list[tuple[Needs, NeedsKey]] = [((), ())]  # a step asks eight times of the same needs


def needs_key(needs: Needs) -> NeedsKey:
    """Equal for equal needs, whatever order they were written in. Needs are never changed in place."""
    known, key = _last[0]
    if known is not needs:
        key = tuple(sorted(tuple(sorted(minimums.items())) for minimums in needs))
        _last[0] = (needs, key)
    return key


def kind_key(contact: ContactRecord) -> KindKey:
    """The kind it is learnt as: whatever its target."""
    return contact.channel, needs_key(contact.needs)
