"""The pieces that values are said in: made before the first call, so that no citizen waits for a voice. Pure.

What is not among them (a sum of money, a name from another system) is made when it is first said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ivr_flows.message import Gap
from ivr_flows.numbers import Value
from ivr_flows.wording import spoken

MINUTES = 60
NUMBERS = range(101)
MONDAY = dt.date(2024, 1, 1)  # of a leap year: each day there is
YEARS = range(2024, 2041)


def vocabulary(language: str, kinds: Iterable[str]) -> list[str]:
    """Every piece of the common values of these kinds, each once."""
    pieces: dict[str, None] = {}
    for kind in dict.fromkeys(kinds):
        for value in _values(kind):
            pieces |= dict.fromkeys(spoken((Gap("x", kind),), language, {"x": value}))
    return list(pieces)


def _values(kind: str) -> Iterator[Value]:
    match kind:
        case "number" | "plural":
            yield from NUMBERS
        case "digits":
            yield "0123456789"
        case "duration":
            yield from (60 * minutes for minutes in range(1, 2 * MINUTES + 1))
        case "interval":
            yield from (f"{60 * low}/{60 * (low + 1)}" for low in range(MINUTES))
            yield from (f"0/{60 * high}" for high in range(1, 3 * MINUTES, 5))
        case "time":
            yield from (f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 5))
        case "date":
            yield from (str(MONDAY + dt.timedelta(days)) for days in range(366))
            yield from (f"{year}-01-01" for year in YEARS)
        case "moment":
            now = f"{MONDAY}T00:00"
            yield from (f"{MONDAY + dt.timedelta(days)}T08:00/{now}" for days in range(366))
            yield from (
                f"{MONDAY}T{hour:02}:{minute:02}/{now}" for hour in range(24) for minute in (0, 15, 30, 45)
            )
        case _:
            pass
