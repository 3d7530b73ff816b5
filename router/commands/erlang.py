"""`guichet erlang`: how many agents a load takes, how long callers wait: Erlang, without a server."""

from __future__ import annotations

import argparse
import re
import sys

from metrics.formulas.erlang import agents_for, erlang_c, mean_wait, service_level
from metrics.formulas.given import SERVERS_MOST, whole
from metrics.formulas.line import erlang_a
from router.commands.table import table

TEACH = """\
What Erlang's formulas say of a centre with agents alike, for the number of agents given and its neighbours.

  guichet erlang --calls 100 --per 30m --handling 3m --agents 14
  guichet erlang --calls 100 --per 30m --handling 3m --share 80     the fewest who answer 80 % within 20 s
  guichet erlang --calls 48 --per 1m --handling 1m --agents 50 --patience 2m

Handling is talk and wrap-up together. A time is 20s, 3m, 1h or plain seconds. Without --patience callers wait
as long as it takes (Erlang C), and with no more agents than erlangs the line grows without end. With it they
give up after that time, in the mean (Erlang A). In real centres skills split the line, which no formula here
sees: `guichet simulate` does.
Exit codes: 0 told, 2 figures that make no sense.
"""
UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration(text: str) -> float:
    """For argparse: seconds."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)([smh]?)", text)
    if found is None or not (seconds := float(found[1]) * UNITS[found[2]]):
        raise argparse.ArgumentTypeError(f"{text} is no time such as 20s, 3m or 1h")
    return seconds


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--calls", type=float, required=True, help="calls that arrive in --per")
    command.add_argument("--per", type=duration, default=3600.0, metavar="TIME", help="default: 1h")
    command.add_argument(
        "--handling", type=duration, required=True, metavar="TIME", help="mean, wrap-up included"
    )
    command.add_argument("--agents", type=int, help="default: the fewest for --share")
    command.add_argument("--within", type=duration, default=20.0, metavar="TIME", help="default: 20s")
    command.add_argument("--share", type=float, default=80.0, help="percent to answer within it; default: 80")
    command.add_argument(
        "--patience", type=duration, metavar="TIME", help="mean time until a caller gives up"
    )


def run(arguments: argparse.Namespace) -> int:
    """A sentence and a table."""
    load = arguments.calls / arguments.per * arguments.handling
    within, handling = arguments.within, arguments.handling
    try:
        fewest = agents_for(load, handling, within, arguments.share / 100)
        chosen = fewest if arguments.agents is None else arguments.agents
        whole("agents", chosen, 1, SERVERS_MOST)
        shown = range(max(1, chosen - 2), min(chosen + 2, SERVERS_MOST) + 1)
        rows = [row(arguments, load, agents) for agents in shown]
    except ValueError as error:
        print(f"guichet erlang: {error}", file=sys.stderr)
        return 2
    wanted = f"{arguments.share:g} % within {within:g} s"
    print(f"{load:.4g} erlangs; agents who answer {wanted}: {fewest} (Erlang C)\n")
    head = ["AGENTS", "BUSY", "WAIT AT ALL", f"WITHIN {within:g} S", "MEAN WAIT"]
    if arguments.patience is not None:
        head += ["GIVE UP", "MEAN WAIT THEN"]
    print(table(head, rows))
    return 0


def row(arguments: argparse.Namespace, load: float, agents: int) -> list[str]:
    """The figures for so many agents."""
    handling = arguments.handling
    wait = mean_wait(agents, load, handling)
    told = [
        str(agents),
        f"{min(1.0, load / agents):.1%}",
        f"{erlang_c(agents, load):.1%}",
        f"{service_level(agents, load, handling, arguments.within):.1%}",
        f"{wait:.1f} s" if load < agents else "without end",
    ]
    if arguments.patience is not None:
        line = erlang_a(agents, load, handling, arguments.patience)
        told += [f"{line.abandons:.2%}", f"{line.wait:.2f} s"]
    return told
