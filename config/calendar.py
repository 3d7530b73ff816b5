"""Public holidays in France by département, Alsace-Moselle and overseas included. Pure.

The library names Alsace and Moselle `6AE` and `57`; `GES`, which it takes as well, adds nothing. So each
département is mapped here by hand, and an unknown one is an error, never silently the common days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays

_ELSEWHERE = {
    "57": "57", "67": "6AE", "68": "6AE",
    "971": "971", "972": "972", "973": "973", "974": "974", "976": "976",
    "975": "PM", "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
_MAINLAND = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}

# The library's name of each département's days; none: those common to all.
DEPARTEMENTS: Mapping[str, str | None] = MappingProxyType(dict.fromkeys(_MAINLAND) | _ELSEWHERE)


def is_holiday(departement: str, day: dt.date) -> bool:
    """Raises KeyError for a département that does not exist."""
    return day in _holidays(departement, day.year)


@lru_cache(512)
def _holidays(departement: str, year: int) -> frozenset[dt.date]:
    return frozenset(country_holidays("FR", subdiv=DEPARTEMENTS[departement], years=year))
