"""What an `hours` node hears: open, closed or closed by the emergency switch, and when it opens next. Pure.

The hours themselves are the configuration's (config/hours.py), one type for the agency and every calendar.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from config.hours import Hours, closing, next_opening, why


class Opening(Struct, frozen=True):
    """`port` of the node, and the variables it sets.

    `opens` is said as {opens, moment}, `closes` as {closes, time}; `reason` is `hours`, `holiday`, `closure`
    or `emergency`. `opens` is empty where nobody can say.
    """

    port: Literal["open", "closed", "emergency"]
    values: dict[str, str] = field(default_factory=dict)


def opening(hours: Hours | None, at: int, emergency: bool = False) -> Opening:
    """At this instant (microseconds since 1970). No hours at all: always open, but for the switch."""
    if emergency:
        return Opening("emergency", {"reason": "emergency", "opens": "", "closes": ""})
    if hours is None:
        return Opening("open", {"reason": "open", "opens": "", "closes": ""})
    now = dt.datetime.fromtimestamp(at / 1_000_000, ZoneInfo(hours.time_zone))
    state, closes, opens = why(hours, at), closing(hours, at), next_opening(hours, at)
    values = {
        "reason": state,
        "closes": _local(closes) if closes else "",
        "opens": f"{_local(opens)}/{_local(now)}" if opens else "",
    }
    return Opening("open" if state == "open" else "closed", values)


def _local(moment: dt.datetime) -> str:
    """The clock on the wall, which is what is said."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
