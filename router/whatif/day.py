"""A recorded day as it can be lived again: who came, what became of them, who was there. Plain data."""

from __future__ import annotations

from msgspec import Struct, field

from router.core.events import Again, Contact, Event
from router.core.policy import Policy

LATER = 1 << 60  # order within an instant of what no entry recorded: after all that was


class Reply(Struct, frozen=True):
    """What came of an offer: accepted, declined, missed; `expired`; or `cut` off by something else."""

    how: str
    after: int  # microseconds since the offer
    n: int = LATER


class Leg(Struct):
    """One wait and the conversation that ended it; a transfer begins another. None: nobody saw it."""

    began: int
    replies: list[Reply] = field(default_factory=list)
    answered: int | None = None
    ended: int | None = None
    ended_n: int = LATER
    done: int | None = None
    done_n: int = LATER
    wrap_by_core: int | None = None  # the policy ended wrap-up after this, or would have
    again: Again | None = None
    again_at: int = 0
    again_n: int = LATER


class Visit(Struct):
    """One contact of the day. `counted`: others only keep agents busy, or wait, when it begins."""

    event: Contact
    at: int
    n: int
    target: int  # what it was promised, microseconds
    legs: list[Leg]
    left: int | None = None
    left_n: int = LATER
    reason: str = "left"
    turned_away: bool = False  # by a queue limit: how long they would have waited nobody saw
    counted: bool = True


class Given(Struct, frozen=True):
    """What no policy changes: a log-in, a telephone that is busy, a gateway down; or a policy applied."""

    at: int
    n: int
    event: Event


class Day(Struct):
    """Everything that is known from `start` to `end` (microseconds). Who came since `counted` is counted."""

    start: int
    counted: int
    end: int
    policy: Policy  # that ruled at the start
    visits: list[Visit]
    given: list[Given]
    skills: dict[str, dict[str, int]]  # of every agent who was there, last known
    left_out: dict[str, int]  # kinds of events that are not lived again, and how many there were
    release: int  # median microseconds until a gateway had ended an agent's leg
