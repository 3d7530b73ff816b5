"""The shipped library as tests walk it: its flows, its scenarios, and the hours they are told under."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import convert
from ruamel.yaml import YAML

from config.hours import Hours, Week
from ivr_flows.hours import opening
from ivr_flows.loader import load
from ivr_flows.model import Flows
from ivr_flows.scenario import Scenario, Scenarios
from ivr_flows.session import Done

FOLDER = Path(__file__).parents[2] / "ivr_flows" / "library"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml") if "scenarios" not in path.name)
HOURS = Hours(
    time_zone="Europe/Paris",
    weekly=Week(*[("08:30-17:00",)] * 5, saturday=("09:00-12:00",)),
    holidays="69",
)


@cache
def flow(name: str) -> Flows:
    return load(FOLDER / f"{name}.yaml")


@cache
def scenarios(name: str) -> tuple[Scenario, ...]:
    text = YAML(typ="safe").load(FOLDER / f"{name}.scenarios.yaml")
    return convert(text, Scenarios).scenarios


def moment(scenario: Scenario) -> int:
    """When it is, in microseconds."""
    local = dt.datetime.fromisoformat(scenario.at).replace(tzinfo=ZoneInfo("Europe/Paris"))
    return int(local.timestamp() * 1_000_000)


def hours(scenario: Scenario):
    """What the calendar says then."""
    told = opening(HOURS, moment(scenario))
    return lambda calendar: Done(told.port, dict(told.values))
