"""The core in this process, fed the same bytes as `guichet engine`, and twins that must answer the same.

Ten times the lines of a subprocess. What is judged is still only what was said: lines in, lines out.
"""

from __future__ import annotations

from router.core.digest import digest
from router.core.snapshot import freeze, thaw
from router.engine import Engine
from tests.engine.driver import Silence


class Parted(Silence):
    """Two engines that were told the same do not say the same (law 6)."""


class Restored:
    """An engine that dies after every so many lines and goes on from its snapshot."""

    def __init__(self, every: int) -> None:
        self.engine = Engine()
        self._every = every

    def answer(self, line: bytes) -> bytes:
        if self.engine.lines % self._every == self._every - 1:
            self.engine.state = thaw(freeze(self.engine.state))
        return self.engine.answer(line)


class Inside:
    """Answers as one engine; behind it another is restored again and again, and must never be told apart.

    `every`: lines from one snapshot to the next, and from one comparison of the digests to the next.
    """

    def __init__(self, every: int = 7) -> None:
        self._first, self._second = Engine(), Restored(every)
        self._every = every

    def ask(self, line: bytes) -> bytes:
        answer, again = self._first.answer(line), self._second.answer(line)
        if answer != again:
            raise Parted(f"restored from a snapshot, an engine says otherwise:\n{answer!r}\n{again!r}")
        if self._first.lines % self._every == 0:
            one, other = digest(self._first.state), digest(self._second.engine.state)
            if one != other:
                raise Parted(f"the digests differ after line {self._first.lines}: {one}, {other}")
        return answer
