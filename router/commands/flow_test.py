"""`guichet flow test`: scenarios, on the phone and in text, for people and for CI."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as Xml
from zoneinfo import ZoneInfo

from config.tree import Tree
from config.typed import Typed, read_as
from ivr_flows.hours import opening
from ivr_flows.loader import load
from ivr_flows.scenario import Scenarios, misses, walk
from ivr_flows.session import Done
from router.commands.flow_files import ENDING, SCENARIOS, add_options, file_of, folder_of, names, tree_of
from router.commands.flow_play import hours_by

TEACH = """\
Runs the scenarios that stand beside a flow: housing.scenarios.yaml beside housing.yaml. Each is walked as a
phone call and as text, in a pretended world, and its path, sayings and outcome are compared.

  guichet flow test                      every flow that has scenarios
  guichet flow test housing --junit report.xml
  guichet flow test housing -k closed    those whose name holds `closed`
  guichet flow test housing -v           what was said, for each

Exit codes: 0 all passed, 1 some failed, 2 wrong use, a flow or a scenario file with faults.
"""


class Outcome(NamedTuple):
    """Of one scenario by one channel."""

    flow: str
    scenario: str
    channel: str
    place: str
    misses: list[str]
    seconds: float


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action, several=True)
    action.add_argument(
        "-k", dest="part", default="", metavar="WORDS", help="only scenarios with this in the name"
    )
    action.add_argument("-v", "--verbose", action="store_true", help="print what was said")
    action.add_argument("--junit", type=Path, metavar="FILE", help="write a report that CI systems read")


def run(arguments: argparse.Namespace) -> int:
    """Walk them all."""
    tree = tree_of(arguments)
    folder = folder_of(arguments, tree)
    wanted = arguments.flows or [name for name in names(folder) if (folder / f"{name}{SCENARIOS}").is_file()]
    if not wanted:
        raise ValueError(f"no scenario in {folder}: write NAME{SCENARIOS} beside NAME{ENDING}")
    outcomes: list[Outcome] = []
    for name in wanted:
        file = file_of(name, folder)
        beside = file.with_name(f"{file.stem}{SCENARIOS}")
        if not beside.is_file():
            raise FileNotFoundError(f"`{file.stem}` has no scenarios: write them in {beside}")
        flows = load(file)
        typed = read_as(beside, Scenarios)
        for index, scenario in enumerate(typed.value.scenarios):
            if arguments.part not in scenario.name:
                continue
            zone = ZoneInfo(flows.flows[flows.main].head.time_zone)
            now = round(dt.datetime.fromisoformat(scenario.at).replace(tzinfo=zone).timestamp() * 1_000_000)
            for channel in scenario.channels:
                began = time.perf_counter()
                walked = walk(flows, scenario, channel, now, partial(_hours, typed.value, tree, now))
                missed = misses(scenario.expect, walked, flows.main)
                spent = time.perf_counter() - began
                place = _place(typed, index)
                outcomes.append(Outcome(file.stem, scenario.name, channel, place, missed, spent))
                _print(outcomes[-1], walked.sayings if arguments.verbose else ())
    failed = sum(bool(each.misses) for each in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    if arguments.junit is not None:
        arguments.junit.write_bytes(junit(outcomes))
    return 1 if failed or not outcomes else 0


def _hours(scenarios: Scenarios, tree: Tree | None, now: int, name: str) -> Done:
    """By the scenarios' own calendar, else by the configuration's."""
    if name in scenarios.calendars:
        found = opening(scenarios.calendars[name], now)
        return Done(found.port, dict(found.values))
    return hours_by(tree, now, name)


def _place(typed: Typed[Scenarios], index: int) -> str:
    return str(typed.place(("scenarios", index)))


def _print(outcome: Outcome, sayings: tuple[str, ...]) -> None:
    mark = "FAILED" if outcome.misses else "ok"
    print(f"{mark:6} {outcome.flow}: {outcome.scenario} [{outcome.channel}]")
    for said in sayings:
        print(f"         {said}")
    for miss in outcome.misses:
        print(f"       {outcome.place}: {miss}", file=sys.stderr)


def junit(outcomes: list[Outcome]) -> bytes:
    """The report."""
    failed = sum(bool(each.misses) for each in outcomes)
    suite = Xml.Element("testsuite", name="guichet flow test", tests=str(len(outcomes)), failures=str(failed))
    for each in outcomes:
        case = Xml.SubElement(
            suite,
            "testcase",
            classname=f"{each.flow}.{each.channel}",
            name=each.scenario,
            time=f"{each.seconds:.4f}",
        )
        if each.misses:
            failure = Xml.SubElement(case, "failure", message=each.misses[0])
            failure.text = "\n".join(f"{each.place}: {miss}" for miss in each.misses)
    report: bytes = Xml.tostring(suite, encoding="utf-8", xml_declaration=True)
    return report
