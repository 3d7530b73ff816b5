"""What can go wrong with the log, as a small tree: each kind names its mend. Nothing else leaves this folder.

Redis's own exceptions never do, so nobody outside `router/log` needs to know the client library.
"""

from __future__ import annotations


class LogError(Exception):
    """Any failure of the log."""


class LogUnreachable(LogError):
    """No answer, or not from a primary: what was sent may or may not have been done. Send the same again.

    Mend: start Redis again, or look at the network; nothing is lost, nothing new is accepted meanwhile.
    """


class LogFull(LogError):
    """Redis refuses to write: its memory (`maxmemory`) or its disk is full. Nothing was written.

    Mend: give it memory or disk, or shorten what is kept; the owner goes on by itself.
    """


class Fenced(LogError):
    """Somebody else holds the pool's lease now. Nothing was written, nothing may be performed.

    Mend: none is needed, the owner becomes a standby. If it happens often, the process is paused too long.
    """


class Gap(LogError):
    """Entries are missing: `wanted` was looked for, `found` is there. Nothing was written.

    A failover lost them, or somebody deleted them. Mend: append them again if still known, else rebuild.
    """

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(f"the log has entry {found} where {wanted} was expected: entries are missing")
        self.wanted = wanted
        self.found = found


class Wiped(LogError):
    """This is not the data set we knew: Redis was emptied, or replaced by another one.

    Mend: give Redis its former data back; or, if the loss is meant, move the archive's folder away (it stays
    provable there) and start every part of Guichet again.
    """

    def __init__(self, how: str) -> None:
        mend = "give Redis its former data back, or move the archive's folder away and start again"
        super().__init__(f"not the data set we knew: {how} (mend: {mend})")


class TooLarge(LogError):
    """One entry or envelope is beyond what the log takes. Nothing was written. Mend: send less at once."""


class Damaged(LogError):
    """A snapshot or an entry holds bytes that no version of Guichet wrote.

    Mend: stop every Guichet of the pool, keep a copy, give Redis back its directory from before the damage;
    `guichet replay` tells what the archive still proves.
    """


class Stuck(LogError):
    """The core cannot even take the pool over: stepping the takeover raised. Nothing was written.

    Mend: start the former version; report the trace in the log, with the log and the archive kept.
    """


class OtherCore(LogError):
    """Entries after the snapshot were decided by another version of the core: this one cannot prove them.

    Mend: start the former version once and stop it properly (it then writes a snapshot), then this one.
    """


class Diverged(LogError):
    """Stepping the log again gave something else than what it holds. This process may not take over.

    Mend: keep the log and the archive, report it: either memory is faulty or the core is not deterministic.
    """


class Unfit(LogError):
    """Redis answers but must not hold a log as it is configured. The message names each finding's mend."""
