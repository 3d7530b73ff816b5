"""What was foretold of a wait, and what was learnt of such foretelling. Plain data; the arithmetic is
elsewhere.
"""

from __future__ import annotations

from msgspec import Struct

PLENTY = 30  # waits after which a kind's own errors are believed
MEMORY = 300  # waits that the errors remember
HUNDREDTH = 10_000  # microseconds


class Foretold(Struct, frozen=True):
    """Of one contact, when it began to wait: the two ways' answers and the middle, microseconds."""

    at: int
    pool: int
    line: int
    likely: int
    shape: int  # thousandths


class Errors(Struct):
    """How the two ways did: mean squares of their errors and of their product, in hundredths of a second."""

    n: int = 0
    pool: int = 0
    line: int = 0
    both: int = 0
    excess: int = 0  # millionths: relative variance of waits beyond what was foretold

    def learn(self, pool: int, line: int) -> None:
        """The two errors of one more wait, microseconds."""
        pool, line = pool // HUNDREDTH, line // HUNDREDTH
        self.n = n = min(self.n + 1, MEMORY)
        self.pool += (pool * pool - self.pool) // n
        self.line += (line * line - self.line) // n
        self.both += (pool * line - self.both) // n

    def weight(self) -> int:
        """Of the pool's answer against the line's, in thousandths, so that their mix errs least.

        The least mean square of two estimates, their errors going together or not (Bates & Granger 1969).
        """
        apart = self.pool + self.line - 2 * self.both
        if apart <= 0:
            return 500
        return min(max(1_000 * (self.line - self.both) // apart, 0), 1_000)

    def err(self, said: Foretold, wait: int) -> None:
        """How far off the mix was, beyond chance; a short line says little of that."""
        off = wait - said.likely
        beyond = 1_000_000 * off * off // max(1, said.likely * said.likely) - 1_000_000_000 // said.shape
        part = min(said.shape, 16_000)
        self.excess += (min(beyond, 10_000_000) - self.excess) * part // (16_000 * 1_000)

    def shape(self, shape: int) -> int:
        """Less than foretold by what was seen beyond it."""
        return max(1, 1_000_000_000 // (1_000_000_000 // shape + max(0, self.excess)))
