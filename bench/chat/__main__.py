"""`python -m bench.chat`: 2,000 open chats on one process, 200 messages a second, sockets cut or not.

Prints the table; `--write` makes docs/bench-chat.md of it. About five minutes, most of it to open the chats.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path

from bench.chat.load import Load, run
from bench.log.machine import machine
from tests.serve.process import Process

PAGE = Path(__file__).parents[2] / "docs" / "bench-chat.md"
SIDE_BY_SIDE = 3  # chats an agent has at once

HEAD = """\
# Two thousand chats on one process

Made by `python -m bench.chat --write`. One `guichet serve` with its log on a Redis of its own, as shipped;
citizens write by the reference client (`router/demo/chat_client.py`), agents on the socket of their page,
all from another process on the same machine. A message's time is from the call that says it to the moment
the other side has it: written, sealed, kept in Redis, told. *Cuts* are sockets a second whose connection is
shut down; their clients come back by themselves after 0.1 s (agents) or 0.2 s (citizens), so times then
hold reconnections: of the client's own pause nothing is taken off. *Wrong* counts chats in which anything was
lost, doubled or out of order. Memory is what `guichet serve` had more with the chats open than before, per
chat. *CPU* is what server and client took of one core while messages were said; *late* is how late the
client's own event loop woke up meanwhile: each time holds it about twice, and it is not the server's.

| chats | messages/s | cuts/s | said | p50 ms | p99 ms | max ms | wrong | KiB/chat | CPU | late p50, p99 |
|---|---|---|---|---|---|---|---|---|---|---|
"""


async def measured(load: Load) -> str:
    """One row."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-"))
    names = [f"a{number:04}" for number in range(-(-load.chats // SIDE_BY_SIDE))]
    site = Process(folder, _agents(names, load.chats))
    with (site.config / "http.yaml").open("a") as tokens:
        tokens.writelines(
            f"    - {{role: agent, agent: {name}, demo: demo-agent-{name}}}\n" for name in names
        )
    grew, worked = [], []
    try:
        await site.start()
        before = _memory(site)

        def opened() -> None:
            grew.append((_memory(site) - before) / load.chats)
            worked.append(_worked(site))

        record = await run(site.url, load, names, opened, lambda: worked.append(_worked(site)))
        wrong = record.wrong()
        for line in wrong[:5]:
            print(line)
        served = 100 * (worked[1] - worked[0]) / load.seconds
        figures = (
            load.chats, f"{load.rate:g}", f"{load.cuts:g}", len(record.took),
            *(f"{1000 * part_of(record.took, part):.1f}" for part in (0.5, 0.99, 1)), len(wrong),
            f"{grew[0]:.1f}", f"{served:.0f} %, {100 * record.used / load.seconds:.0f} %",
            ", ".join(f"{1000 * part_of(record.late, part):.1f}" for part in (0.5, 0.99)),
        )  # fmt: skip
        return f"| {' | '.join(map(str, figures))} |"
    finally:
        await site.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _agents(names: list[str], most: int) -> str:
    """Agents beside the demonstration's, all alike; theirs are the only ones who log in."""
    agents = "\n".join(f"  {name}: {{pool: main, skills: {{housing: 9, 'lang:fr': 9}}}}" for name in names)
    return f"gateways: {{chat: {{most: {most + 10}}}}}\nagents:\n{agents}\n"


def part_of(times: list[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def _serving(site: Process) -> Path:
    """Of the serving process, which is the parent's child."""
    [child] = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split()
    return Path(f"/proc/{child}")


def _memory(site: Process) -> float:
    """KiB that it has."""
    return float(re.search(r"VmRSS:\s+(\d+)", (_serving(site) / "status").read_text())[1])


def _worked(site: Process) -> float:
    """Seconds of processor that it has taken."""
    fields = (_serving(site) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=200, help="messages a second (200)")
    parser.add_argument("--cuts", type=float, nargs="+", default=[0, 20], help="cut sockets a second (0 20)")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--write", action="store_true", help="make docs/bench-chat.md")
    options = parser.parse_args()
    print(HEAD.splitlines()[-2], flush=True)
    rows = []
    for cuts in options.cuts:
        rows.append(asyncio.run(measured(Load(options.chats, options.rate, cuts, options.seconds))))
        print(rows[-1], flush=True)
    if options.write:
        PAGE.write_text(
            HEAD + "\n".join(rows) + f"\n\n## Machine\n\n```\n{chr(10).join(machine())}\n```\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
