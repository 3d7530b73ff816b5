"""One recorded visit on its way through a model of the day, and what became of it there. Plain data."""

from __future__ import annotations

from msgspec import Struct

from router.whatif.day import Leg, Visit
from router.whatif.draws import Plan


class Outcomes(Struct):
    """What became of one visit here, instants in microseconds. None: it did not happen before the end."""

    answered: int | None = None
    left: int | None = None


class Again(Struct):
    """One visit on its way: which wait it is in, and how many offers that had."""

    visit: Visit
    plans: list[Plan]
    outcome: Outcomes
    leg: int = 0
    offers: int = 0
    talking: bool = False

    @property
    def recorded(self) -> Leg:
        return self.visit.legs[self.leg]

    @property
    def plan(self) -> Plan:
        return self.plans[self.leg]
