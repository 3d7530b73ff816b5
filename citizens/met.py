"""Who a gateway met: the citizen to write down, and who it may well be.

Nothing here proves anything: `sure` says whether a proof was given just now.
"""

from __future__ import annotations

from msgspec import Struct

from citizens.facts import Facts
from citizens.linking import Reason


class Met(Struct, frozen=True):
    """`citizen` belongs on the Contact event. Unless `sure`, it is one of its own, met for the first time:

    nobody is joined to somebody by a claim. `likely` names those who held a claimed identifier before;
    an agent who makes sure says so (`Register.confirm`), and the two become one.
    """

    citizen: str
    sure: bool
    facts: Facts = Facts()
    likely: tuple[str, ...] = ()
    why: Reason = "unknown"
