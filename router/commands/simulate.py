"""`guichet simulate SCENARIO.yaml`: a centre's days under several policies, on the same citizens."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
from msgspec.structs import replace

from config.fault import Faults
from config.loader import load
from metrics.promise import PROMISED, short
from router.commands.bar import bar
from router.commands.table import table
from router.core.policy import Policy
from router.rules import policy_of
from router.simulate.compare import Day, Interval, against, days, interval
from router.simulate.figures import Figures, promise_spreads, promises
from router.simulate.picture import picture
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
PERCENT = ("lost", "phone_service_level", "abandoned", "late", "vulnerable_service_level", "spread")


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("scenario", type=Path, metavar="SCENARIO")
    command.add_argument("--policies", metavar="A,B", help="instead of the scenario's own list")
    command.add_argument("--replications", type=int, metavar="N", help="days, instead of the scenario's own")
    command.add_argument("--seed", type=int, metavar="N", help="other citizens")
    command.add_argument("--config", type=Path, metavar="DIR", help="a site's policy for `guichet`")
    command.add_argument("--pool", default="main", help="which pool of that configuration (default: main)")
    command.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N", help="default: all")
    command.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the figures")
    command.add_argument("--json", type=Path, metavar="FILE", help="every day's figures")


def run(arguments: argparse.Namespace) -> int:
    """Simulate, print, and draw if asked."""
    try:
        if not arguments.scenario.exists():
            raise Wrong(f"there is no {arguments.scenario}: some are in config/examples/scenarios")
        scenario = _changed(read(arguments.scenario), arguments)
        policy = _policy(arguments)
    except (Wrong, Faults, OSError, ValueError) as fault:
        print(f"guichet simulate: {fault}", file=sys.stderr)
        return 2
    step = bar(scenario.replications * len(scenario.policies), "days")
    lived = list(days(scenario, policy, arguments.cores, step))
    print(f"{scenario.scenario}: {scenario.replications} days, seed {scenario.seed}\n")
    rows = {figure: _by_policy(scenario, lived, figure) for figure in lived[0].headline}
    print(
        table(
            ("", *scenario.policies), [(name, *map(shown(name), row.values())) for name, row in rows.items()]
        )
    )
    if "guichet" in scenario.policies:
        _differences(scenario, lived)
        _groups([day for day in lived if day.policy == "guichet"])
        _promises([day.groups for day in lived if day.policy == "guichet"])
    if arguments.plot:
        arguments.plot.write_text(picture(scenario.scenario, rows), encoding="utf-8")
    if arguments.json:
        arguments.json.write_bytes(msgspec.json.encode(lived))
    return 0


def _changed(scenario: Scenario, arguments: argparse.Namespace) -> Scenario:
    """The scenario as the arguments want it. Raises Wrong."""
    changes: dict[str, object] = {}
    if arguments.policies:
        names = tuple(arguments.policies.split(","))
        for name in names:
            if name not in get_args(PolicyName):
                raise Wrong(f"policy {name} is none of {', '.join(get_args(PolicyName))}")
        changes["policies"] = names
    for name in ("replications", "seed"):
        if (given := getattr(arguments, name)) is not None:
            if given < (1 if name == "replications" else 0):
                raise Wrong(f"--{name} {given} is too small")
            changes[name] = given
    return replace(scenario, **changes)


def _policy(arguments: argparse.Namespace) -> Policy:
    """The defaults, or a site's own. Raises Faults, OSError, ValueError."""
    return policy_of(load(arguments.config).tree, arguments.pool) if arguments.config else Policy()


def _by_policy(scenario: Scenario, lived: list[Day], figure: str) -> dict[str, Interval]:
    return {
        policy: interval([day.headline[figure] for day in lived if day.policy == policy])
        for policy in scenario.policies
    }


def shown(figure: str) -> Callable[[Interval], str]:
    """How an interval of this figure is written: shares in percent, waits in seconds."""
    if figure in PERCENT:
        return lambda each: f"{100 * each.mean:.1f} % ±{100 * each.half:.1f}"
    return lambda each: f"{each.mean:.1f} ±{each.half:.1f}"


def _differences(scenario: Scenario, lived: list[Day]) -> None:
    """Day by day on the same citizens: what the policy changes, without what the days have in common."""
    rows = []
    for policy in scenario.policies:
        if policy != "guichet":
            each = against(lived, "lost", "guichet", policy)
            clear = "clear" if abs(each.mean) > each.half and scenario.replications > 1 else "not clear"
            rows.append((policy, f"{100 * each.mean:+.1f} points ±{100 * each.half:.1f}", clear))
    if rows:
        print("\nguichet's `lost` less theirs\n" + table(("policy", "difference", ""), rows))


def _groups(lived: list[Day]) -> None:
    """Under guichet: who is served how, by channel, topic, language."""
    names = sorted({name for day in lived for name in day.groups})
    rows = []
    for name in names:
        told: list[Figures] = [day.groups[name] for day in lived if name in day.groups]
        mean = {
            figure: sum(getattr(each, figure) for each in told) / len(told)
            for figure in Figures.__struct_fields__
        }
        rows.append(
            (
                name, f"{mean['arrived']:.0f}", f"{100 * mean['service_level']:.1f} %",
                f"{mean['service_level'] / PROMISED:.2f}", f"{100 * mean['abandoned']:.1f} %",
                f"{mean['mean_wait_s']:.1f}", f"{mean['p95_wait_s']:.0f}",
            )
        )  # fmt: skip
    print(
        "\n" + table(("guichet", "came", "in time", "of promised", "abandoned", "mean wait s", "p95 s"), rows)
    )


def _promises(days: list[dict[str, Figures]]) -> None:
    """How equal the promise is, and who is short, over all days together."""
    spreads = promise_spreads(days)
    if spreads:
        told = ", ".join(f"{by}s {spread:.2f}" for by, spread in spreads.items())
        print(f"\nattained over promised, best less worst: {told}")
    lacking = {
        f"{by} {name}": promises(days, by)[name]
        for by in ("channel", "topic", "language")
        for name in short(promises(days, by))
    }
    words = [f"{name} {each.over_promised or 0.0:.2f}" for name, each in lacking.items()]
    print("short of what was promised: " + (", ".join(words) or "nobody"))
