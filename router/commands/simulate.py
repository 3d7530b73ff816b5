"""`guichet simulate SCENARIO.yaml`: a centre's days under several policies, on the same citizens."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

import msgspec
from msgspec.structs import replace

from config.fault import Faults, nearest
from config.loader import load
from router.commands import asked
from router.commands import simulate_tables as tables
from router.commands.bar import bar
from router.core.policy import Policy
from router.rules import policy_of
from router.simulate.compare import Day, days, promised
from router.simulate.picture import Page, picture
from router.simulate.scenario import PolicyName, Scenario, Wrong, read

TEACH = """\
Lets a centre live its day in virtual time, under the very core that rules in production and under classical
rules, on the same citizens; repeats it on other days and says how sure the figures are.

  guichet simulate config/examples/scenarios/benefits.yaml
  guichet simulate SCENARIO.yaml --policies guichet,cmu --replications 30
  guichet simulate SCENARIO.yaml --config DIR --pool main      your own policy instead of the defaults
  guichet simulate SCENARIO.yaml --plot figures.svg --json figures.json

A scenario says who comes for what and when, how long it takes, how patient people are, and who is there.
Policies:
  guichet      the core            app_queue    first come, longest idle
  rings        bullseye            priority     live channels first, then age
  fixed_ratio  fixed queue ratio   cmu          generalised c-mu, wait over target
`lost` is 1 - phone service level + abandoned + late. Everybody who came counts. ± is a 95 % interval.
`spread` is the best served-in-time less the worst, over channels and topics. `of promised` is attained over
promised: served in time over the 80 % that are promised; `promise_spread` is its best less its worst among
channels, topics or languages: equal promise is 0.
Exit codes: 0 done, 2 the scenario or the configuration is wrong.
"""
POLICIES = get_args(PolicyName)


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("scenario", type=Path, metavar="SCENARIO")
    command.add_argument("--policies", metavar="A,B", help="instead of the scenario's own list")
    command.add_argument("--replications", type=int, metavar="N", help="days, instead of the scenario's own")
    command.add_argument("--seed", type=int, metavar="N", help="other citizens")
    command.add_argument("--config", type=Path, metavar="DIR", help="a site's policy for `guichet`")
    command.add_argument("--pool", default="main", help="which pool of that configuration (default: main)")
    asked.add(
        command,
        "draw the figures, and who is served in time by group",
        "the figures with their intervals, and every day's",
    )


def run(arguments: argparse.Namespace) -> int:
    """Simulate, print, and draw if asked."""
    try:
        asked.check(arguments)
        if not arguments.scenario.exists():
            raise Wrong(f"there is no {arguments.scenario}: some are in config/examples/scenarios")
        scenario = _changed(read(arguments.scenario), arguments)
        policy = _policy(arguments)
    except (Wrong, Faults, OSError, ValueError) as fault:
        print(f"guichet simulate: {fault}", file=sys.stderr)
        return 2
    if arguments.config:
        scenario = promised(scenario, policy)
    step = bar(scenario.replications * len(scenario.policies), "days")
    lived = list(days(scenario, policy, arguments.cores, step))
    rows = tables.by_policy(scenario, lived)
    print(tables.report(scenario, lived, rows))
    if arguments.plot:
        arguments.plot.write_text(_picture(scenario, lived, rows), encoding="utf-8")
    if arguments.json:
        written = {"scenario": scenario.scenario, "seed": scenario.seed, "figures": rows, "days": lived}
        arguments.json.write_bytes(msgspec.json.encode(written))
    return 0


def _picture(scenario: Scenario, lived: list[Day], rows: tables.Rows) -> str:
    many = scenario.replications
    words = {
        figure: [tables.written(figure, each, many) for each in row.values()] for figure, row in rows.items()
    }
    groups = tables.in_time(scenario, lived)
    return picture(Page(scenario.scenario, tables.about(scenario), rows, groups, words, tables.better))


def _changed(scenario: Scenario, arguments: argparse.Namespace) -> Scenario:
    """The scenario as the arguments want it. Raises Wrong."""
    changes: dict[str, object] = {
        name: given for name in ("replications", "seed") if (given := getattr(arguments, name)) is not None
    }
    if arguments.policies is not None:
        names = tuple(arguments.policies.split(","))
        for number, name in enumerate(names):
            if name not in POLICIES:
                raise Wrong(f"--policies: no policy is named `{name}`: {nearest(name, POLICIES)}")
            if name in names[:number]:
                raise Wrong(f"--policies: `{name}` is named twice")
        changes["policies"] = names
    return replace(scenario, **changes)


def _policy(arguments: argparse.Namespace) -> Policy:
    """The defaults, or a site's own. Raises Faults, OSError, ValueError."""
    return policy_of(load(arguments.config).tree, arguments.pool) if arguments.config else Policy()
