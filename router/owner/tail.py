"""The newest durable entries, kept in memory so that a failover that lost some can be mended at once."""

from __future__ import annotations

from collections import deque

MOST_ENTRIES = 4096
MOST_BYTES = 8 << 20


class Tail:
    """A ring of the entries from `first` to `last`."""

    def __init__(self, last: int) -> None:
        self.last = last
        self._ring: deque[bytes] = deque()
        self._bytes = 0

    def keep(self, encoded: list[bytes]) -> None:
        """These are durable now and follow what is kept."""
        self._ring.extend(encoded)
        self.last += len(encoded)
        self._bytes += sum(map(len, encoded))
        while len(self._ring) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            self._bytes -= len(self._ring.popleft())

    def since(self, n: int) -> list[bytes] | None:
        """Every entry after `n`; None if some of them are no longer kept."""
        missing = self.last - n
        if not 0 <= missing <= len(self._ring):
            return None
        return list(self._ring)[len(self._ring) - missing :]
