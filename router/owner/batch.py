"""Events stepped together and appended together: one round trip, one fsync for all of them.

Until it is durable nobody hears of it; it says nothing to anybody by itself.
"""

from __future__ import annotations

from router.core.step import Result
from router.log.entry import Entry
from router.owner.intake import Submission

MOST_EVENTS = 256
MOST_BYTES = 1 << 20


class Batch:
    """Entries from `first_n` on, their bytes, and the answers that wait for them."""

    def __init__(self, first_n: int) -> None:
        self.first_n = first_n
        self.entries: list[Entry] = []
        self.encoded: list[bytes] = []
        self._answers: list[tuple[Submission, Result]] = []
        self.inbox = ""  # the position its entries consume, if any came through the inbox
        self.poison: Submission | None = None  # where it ended early, and why the state must be rebuilt
        self._bytes = 0
        self._taken = 0

    def add(self, entry: Entry, raw: bytes) -> None:
        self.entries.append(entry)
        self.encoded.append(raw)
        self._bytes += len(raw)
        if entry.origin is not None:
            self.inbox = entry.origin.position

    def answer(self, submission: Submission, result: Result) -> None:
        """To be told once everything before it in this batch is durable."""
        self._taken += 1
        if submission.reply is not None:
            self._answers.append((submission, result))

    def full(self) -> bool:
        return self._taken >= MOST_EVENTS or self._bytes >= MOST_BYTES or self.poison is not None

    def resolve(self) -> None:
        """Tells all who wait. Who gave up meanwhile is not told."""
        for submission, result in self._answers:
            submission.tell(result)

    def fail(self, code: str, message: str) -> None:
        """Promises nothing to those who wait, though the entries may still come to be."""
        for submission, _ in self._answers:
            submission.fail(code, message)
