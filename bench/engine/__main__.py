"""`python -m bench.engine`: what one line costs at several sizes of the pool: the page docs/bench-engine.md.

All lines of a mixed load (`pool.py`) are timed in process, then said again to `guichet engine` over pipes,
turn about with a bare JSON echo.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from bench.asked import whole
from bench.engine.others import assignment, plain_scan
from bench.engine.pipe import ECHO_COMMAND, ENGINE_COMMAND, Process
from bench.engine.pool import WAITING, Pool, busy, busy_plain, calm
from bench.log.machine import machine
from router.commands.engine import spare_the_old
from router.engine import Engine

TURNS = 50  # lines, before the echo has its turn
SAMPLE = 5  # agents whose plain scan is timed
SHOWN = ("contact", "answer", "ended", "done", "again", "gone", "agent")

HEAD = """\
# What a line costs the engine

Made by `python -m bench.engine --write docs/bench-engine.md`: run it to make this page again on your machine.

Fifty kinds of contact on seven channels, some with alternatives, steps of relaxation, preferred agents, due
times and seven targets; every agent has levels of their own, so of ten thousand no two are alike. Of twenty
offers one is declined or missed; one conversation in ten is transferred; agents go away and come back,
citizens leave. *Busy*: ten wait for each agent. *Plain*: the same, but of phone, chat and mail with a topic
and a language alone. *Calm*: half the agents are free. Times in microseconds, from
a line's bytes to its answer's, JSON both ways; in process what the processor worked on it, over pipes what
passed until the answer was there, the other process and its waking up included.
"""


def us(nanoseconds: float) -> str:
    return f"{nanoseconds / 1000:.0f}"


def p99(times: list[int]) -> float:
    return quantiles(times, n=100)[98]


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def lines_table(pools: dict[tuple[str, int], Pool]) -> Iterator[str]:
    """Per kind of line, in process."""
    yield row("load", "agents", "waiting", "lines/s", "any: p50 / p99", *(f"`{name}`" for name in SHOWN))
    yield row(*["---"] * (5 + len(SHOWN)))
    for (load, agents), pool in pools.items():
        times = [each for some in pool.taken.values() for each in some]
        cells = [pool.taken.get(name, []) for name in SHOWN]
        yield row(
            load,
            agents,
            len(pool.waiting),
            f"{len(times) * 10**9 / sum(times):,.0f}",
            f"{us(median(times))} / {us(p99(times))}",
            *(f"{us(median(some))} / {us(p99(some))}" if len(some) > 1 else "" for some in cells),
        )


def pipes_table(pools: dict[tuple[str, int], Pool]) -> Iterator[str]:
    """The busy loads again, over pipes, beside an echo; and what the process holds in memory."""
    head = ("load", "agents", "engine p50", "echo p50", "ratio", "engine p99", "echo p99")
    yield row(*head, "KB per agent", "KB per contact")
    yield row(*["---"] * 9)
    for (load, agents), pool in pools.items():
        if load == "calm":
            continue
        engine, echo = Process(ENGINE_COMMAND), Process(ECHO_COMMAND)
        engine.tell([b'{"at":0,"event":"tick"}\n'])
        empty = engine.memory()
        engine.tell(pool.lines[:agents])
        staffed = engine.memory()
        engine.tell(pool.lines[agents : pool.began])
        full = engine.memory()
        taken: list[int] = []
        echoed: list[int] = []
        for begin in range(pool.began, len(pool.lines), TURNS):
            some = pool.lines[begin : begin + TURNS]
            taken += engine.time(some)
            echoed += echo.time(some)
        engine.end()
        echo.end()
        yield row(
            load,
            agents,
            us(median(taken)),
            us(median(echoed)),
            f"{median(taken) / median(echoed):.1f}",
            us(p99(taken)),
            us(p99(echoed)),
            f"{(staffed - empty) / agents / 1024:.1f}",
            f"{(full - staffed) / pool.arrived / 1024:.1f}",
        )


def others_table(pools: dict[tuple[str, int], Pool], engines: dict[tuple[str, int], Engine]) -> Iterator[str]:
    """One decision, and many at once, by other means on the same snapshot."""
    yield row(
        "agents",
        "waiting",
        "`done` here",
        "plain scan, one agent",
        "scipy: a tenth of the agents",
        "its matrix",
    )
    yield row(*["---"] * 6)
    for (load, agents), pool in pools.items():
        if load != "busy":
            continue
        state = engines[load, agents].state
        some = list(state.agents.values())[: max(1, agents // 10)]
        for agent in some:  # as if they came free: nobody else is driven after this
            agent.hands = {}
        scans = median(plain_scan(state, agent) for agent in some[:SAMPLE])
        solved = assignment(state, some)
        cells = ("–", "–") if solved is None else (us(solved[1]), us(solved[0]))
        yield row(agents, len(pool.waiting), us(median(pool.taken["done"])), us(scans), *cells)


def page(sizes: list[int], rounds: int, seed: int) -> Iterator[str]:
    """The whole page, bit by bit."""
    pools: dict[tuple[str, int], Pool] = {}
    engines: dict[tuple[str, int], Engine] = {}
    for load, run in (("busy", busy), ("plain", busy_plain), ("calm", calm)):
        for agents in sizes:
            print(f"{load}, {agents} agents", file=sys.stderr, flush=True)
            engine = engines[load, agents] = Engine()
            pools[load, agents] = run(engine.answer, agents, rounds, seed)
    yield HEAD
    yield "## In process\n"
    yield from lines_table(pools)
    print("over pipes", file=sys.stderr, flush=True)
    yield "\n## `guichet engine` over pipes, and a bare JSON echo in Python\n"
    yield from pipes_table(pools)
    print("beside others", file=sys.stderr, flush=True)
    yield "\n## By other means, on the same snapshot\n"
    yield from others_table(pools, engines)
    yield f"\n{WAITING} × as many wait as there are agents, seed {seed}, {rounds} rounds.\n"
    yield "```\n" + "\n".join(machine()) + "\n```"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument(
        "--agents", type=whole(1), nargs="+", default=[100, 1_000, 10_000], metavar="N",
        help="sizes of the pool (default: 100 1000 10000; ten times as many wait)",
    )  # fmt: skip
    parser.add_argument(
        "--rounds",
        type=whole(1),
        default=2_000,
        metavar="N",
        help="of the load at each size (default: 2000)",
    )
    parser.add_argument("--seed", type=whole(0), default=1, metavar="N", help="another load (default: 1)")
    parser.add_argument("--write", type=Path, help="write the page here too")
    args = parser.parse_args()
    spare_the_old()
    told = []
    for line in page(args.agents, args.rounds, args.seed):
        print(line, flush=True)
        told.append(line)
    if args.write:
        args.write.write_text("\n".join(told) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
