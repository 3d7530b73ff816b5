"""When two contacts need the same: the key of their kind of needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord

NeedsKey = tuple[tuple[tuple[str, int], ...], ...]
KindKey = tuple[str, NeedsKey]  # channel and needs


RECENT = 4
SHARED_MAX = 4_096

_recent: list[tuple[Needs, NeedsKey]] = []  # a step asks eight times of the same two or three
_shared: dict[NeedsKey, Needs] = {}


def needs_key(needs: Needs) -> NeedsKey:
    """Equal for equal needs, whatever order they were written in. Needs are never changed in place."""
    for known, key in _recent:
        if known is needs:
            return key
    key = tuple(sorted([tuple(sorted(minimums.items())) for minimums in needs]))
    _recent.insert(0, (needs, key))
    del _recent[RECENT:]
    return key


def shared(needs: Needs) -> Needs:
    """One object for all who need the same in the same words: it spares memory, and the making of keys."""
    words = tuple([tuple(minimums.items()) for minimums in needs])
    known = _shared.get(words)
    if known is None:
        if len(_shared) >= SHARED_MAX:
            _shared.clear()
        known = _shared[words] = needs
    return known


def kind_key(contact: ContactRecord) -> KindKey:
    """The kind it is learnt as: whatever its target."""
    return contact.channel, needs_key(contact.needs)
