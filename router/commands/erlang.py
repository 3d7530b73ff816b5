"""`guichet erlang`: how many agents a load takes, how long callers wait: Erlang, without a server."""

from __future__ import annotations

import argparse
import math
import re
import sys

from metrics.formulas.erlang import agents_for, erlang_b, erlang_c, mean_wait, service_level
from metrics.formulas.given import SERVERS_MOST, whole
from metrics.formulas.line import PLACES_MOST, erlang_a, limited
from metrics.formulas.waiting import agents_for as impatient_for
from metrics.formulas.waiting import in_time, limited_in_time, limited_longer, longer
from router.commands.table import table

TEACH = """\
What Erlang's formulas say of a centre with agents alike, for the number of agents given and its neighbours.

  guichet erlang --calls 100 --per 30m --handling 3m --agents 14
  guichet erlang --calls 100 --per 30m --handling 3m --share 80     the fewest who answer 80 % within 20 s
  guichet erlang --calls 48 --per 1m --handling 1m --agents 50 --patience 2m
  guichet erlang --calls 100 --per 30m --handling 3m --agents 14 --lines 20

Handling is talk and wrap-up together. A time is 20s, 3m, 1h or plain seconds. The tables:
  Erlang C   callers wait as long as it takes; with no more agents than erlangs the line grows without end.
             LOST is Erlang B: the share turned away if nobody could wait at all
  Erlang A   with --patience: they give up after that time, in the mean
  M/M/n/K    with --lines: so many calls at once, those in conversation included; one more is turned away
WITHIN counts those answered, of all who call. WAIT LONGER is the share that waits longer than --within, be
they answered then or not. 9 OF 10 WAIT is the wait that one in ten exceeds.
In real centres skills split the line, which no formula here sees: `guichet simulate` does.
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
    command.add_argument("--lines", type=int, metavar="K", help="calls at once, conversations included")


def run(arguments: argparse.Namespace) -> int:
    """A sentence and a table for each formula."""
    load = arguments.calls / arguments.per * arguments.handling
    within, handling, patience = arguments.within, arguments.handling, arguments.patience
    share = arguments.share / 100
    try:
        if not arguments.calls >= 0:  # nor for what is no number
            raise ValueError(f"--calls must be 0 or more, not {arguments.calls:g}")
        if not 0 <= share < 1:
            raise ValueError(f"--share must be from 0 to below 100 per cent, not {arguments.share:g}")
        fewest = agents_for(load, handling, within, share)
        chosen = fewest if arguments.agents is None else arguments.agents
        whole("agents", chosen, 1, SERVERS_MOST)
        shown = range(max(1, chosen - 2), min(chosen + 2, SERVERS_MOST) + 1)
        tables = [[row(arguments, load, agents) for agents in shown]]
        impatient = ""
        if patience is not None:
            impatient = f", {impatient_for(load, handling, patience, within, share)} (Erlang A)"
            tables.append([giving_up(arguments, load, agents) for agents in shown])
        if arguments.lines is not None:
            whole("lines", arguments.lines, 1, PLACES_MOST)
            tables.append([turned_away(arguments, load, agents) for agents in shown])
    except ValueError as error:
        print(f"guichet erlang: {error}", file=sys.stderr)
        return 2
    wanted = f"{arguments.share:g} % within {within:g} s"
    print(f"{load:.4g} erlangs; agents who answer {wanted}: {fewest} (Erlang C){impatient}")
    for rows in tables:
        print(f"\n{table(list(rows[0]), [list(each.values()) for each in rows])}")
    return 0


def row(arguments: argparse.Namespace, load: float, agents: int) -> dict[str, str]:
    """Erlang C, and B: the figures for so many agents."""
    handling = arguments.handling
    waits, wait = erlang_c(agents, load), mean_wait(agents, load, handling)
    endless = load >= agents
    ninth = 0.0 if waits <= 0.1 or endless else math.log(10 * waits) * handling / (agents - load)
    return {
        "AGENTS": str(agents),
        "BUSY": f"{min(1.0, load / agents):.1%}",
        "WAIT AT ALL": f"{waits:.1%}",
        f"WITHIN {arguments.within:g} S": f"{service_level(agents, load, handling, arguments.within):.1%}",
        "MEAN WAIT": "without end" if endless else f"{wait:.1f} s",
        "9 OF 10 WAIT": "without end" if endless else f"{ninth:.1f} s",
        "LOST": f"{erlang_b(agents, load):.2%}",
    }


def giving_up(arguments: argparse.Namespace, load: float, agents: int) -> dict[str, str]:
    """Erlang A."""
    given = (agents, load, arguments.handling, arguments.patience)
    line = erlang_a(*given)
    return {
        "ERLANG A": str(agents),
        "BUSY": f"{load * (1 - line.abandons) / agents:.1%}",
        "WAIT AT ALL": f"{line.waits:.1%}",
        f"WITHIN {arguments.within:g} S": f"{in_time(*given, arguments.within):.1%}",
        "WAIT LONGER": f"{longer(*given, arguments.within):.1%}",
        "GIVE UP": f"{line.abandons:.2%}",
        "MEAN WAIT": f"{line.wait:.2f} s",
    }


def turned_away(arguments: argparse.Namespace, load: float, agents: int) -> dict[str, str]:
    """M/M/n/K; fewer lines than agents are as many agents."""
    given = (agents, max(agents, arguments.lines), load, arguments.handling)
    line = limited(*given)
    return {
        f"{arguments.lines} LINES": str(agents),
        "BUSY": f"{load * (1 - line.blocked) / agents:.1%}",
        "WAIT AT ALL": f"{line.waits:.1%}",
        f"WITHIN {arguments.within:g} S": f"{limited_in_time(*given, arguments.within):.1%}",
        "WAIT LONGER": f"{limited_longer(*given, arguments.within):.1%}",
        "TURNED AWAY": f"{line.blocked:.2%}",
        "MEAN WAIT": f"{line.wait:.2f} s",
    }
