"""When a chat warns and when it closes. Pure: instants are arguments, microseconds.

A citizen who waits is never closed while they are there; nor is anybody closed who wrote last: then it is
the agent's turn.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from router.chat.protocol import State

Action = Literal["warn", "close", "left"]


class Patience(Struct, frozen=True):
    """Microseconds. `silent`: of the citizen, until the warning; `warned`: from there to the end.

    `away`: with no socket open, until a citizen who waits counts as gone.
    """

    silent: int = 600_000_000
    warned: int = 120_000_000
    away: int = 180_000_000


class Quiet(NamedTuple):
    """What of a chat decides. `away_since` None: a socket is open. `warned_at` None: not warned."""

    state: State
    heard_at: int  # the citizen's last message or, later, the one that asked them something
    citizen_last: bool  # the last message is theirs
    away_since: int | None
    warned_at: int | None


class Due(NamedTuple):
    """What is due, and when."""

    at: int
    action: Action


def next_due(quiet: Quiet, patience: Patience) -> Due | None:
    """The next thing to do if nothing happens before; None: nothing ever."""
    dues = []
    if quiet.state in ("asking", "waiting") and quiet.away_since is not None:
        dues.append(Due(quiet.away_since + patience.away, "left"))
    if quiet.state == "asking" or (quiet.state == "with_agent" and not quiet.citizen_last):
        if quiet.warned_at is None:
            dues.append(Due(quiet.heard_at + patience.silent, "warn"))
        else:
            dues.append(Due(quiet.warned_at + patience.warned, "close"))
    return min(dues, default=None)
