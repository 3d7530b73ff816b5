"""Traffic for the demonstration: agents and citizens, until it is told to stop.

It knows the demonstration's tokens and the public API, nothing else: topics, languages and agents are read
from the policy that rules.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from random import Random
from typing import TYPE_CHECKING

import aiohttp

from router.demo.agent import Agent
from router.demo.api import Api, Away, NotTheDemonstration
from router.demo.citizens import Citizens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.demo.api import Json

GOODBYE_S = 2.0  # to log agents out and let citizens leave
REQUEST_S = 10.0
TEACH = """\
Synthetic agents and citizens come in through the public API of a demonstration that runs already
(`guichet demo` starts both). Stop it with Ctrl-C: agents log out, citizens who wait leave.

  python -m router.demo --url http://127.0.0.1:8080 --rate 2 --seed 7
"""


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(
        prog="python -m router.demo", description=TEACH, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--url", default="http://127.0.0.1:8080", help="the demonstration (default: %(default)s)"
    )
    options.add_argument(
        "--rate", type=float, default=1.0, help="citizens per second, mean (default: %(default)s)"
    )
    options.add_argument(
        "--seed", type=int, help="repeat the same behaviour (contacts get new ids all the same)"
    )
    options.add_argument(
        "--pace", type=float, default=1.0, help="live so many times faster (default: %(default)s)"
    )
    options.add_argument(
        "--phones", action="store_true", help="agents have telephones: leave real calls to the gateway"
    )
    options.add_argument(
        "--with-parent", action="store_true", help="end also when the process that started this has ended"
    )
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; returns the exit code."""
    parsed = parser().parse_args(arguments)
    if not (0 < parsed.rate <= 1000 and 0 < parsed.pace <= 1000):
        parser().error("--rate and --pace are more than 0 and at most 1000")
    code = 0
    try:
        asyncio.run(_until_stopped(parsed))
    except* NotTheDemonstration:
        print(f"traffic: {parsed.url} does not know the demonstration's tokens", file=sys.stderr)
        code = 2
    return code


async def _until_stopped(parsed: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = run(parsed.url, parsed.rate, parsed.seed, pace=parsed.pace, phones=parsed.phones)
    traffic = asyncio.create_task(work)
    if parsed.with_parent:
        _look_for_parent(loop, stop, os.getppid())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({traffic, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    traffic.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await traffic


def _look_for_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, parent: int) -> None:
    """Stop once the parent is gone. Nothing tells a process that, so it looks."""
    if os.getppid() == parent:
        loop.call_later(0.5, _look_for_parent, loop, stop, parent)
    else:
        stop.set()


async def run(
    url: str, per_second: float, seed: int | None = None, *, pace: float = 1, phones: bool = False
) -> None:
    """Traffic until cancelled; then agents log out and citizens leave, as far as GOODBYE_S allows."""
    random = Random(seed)
    timeout, connector = aiohttp.ClientTimeout(total=REQUEST_S), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        operator = Api(session, url, "demo-operator")
        policy = await _policy(operator)
        agents = [
            Agent(
                name,
                Api(session, url, f"demo-agent-{name}"),
                Random(random.random()),
                pace=pace,
                phones=phones,
            )
            for name in policy["agents"]
        ]
        citizens = Citizens(operator, Random(random.random()), per_second, pace=pace)
        print(f"traffic: {len(agents)} agents, {per_second:g} citizens a second", file=sys.stderr, flush=True)
        try:
            async with asyncio.TaskGroup() as tasks:
                for agent in agents:
                    tasks.create_task(agent.work())
                tasks.create_task(citizens.come(list(policy["topics"]), list(policy["languages"])))
        finally:
            with contextlib.suppress(Away, NotTheDemonstration, TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await citizens.leave()
                    await asyncio.gather(*(agent.leave() for agent in agents))


async def _policy(operator: Api) -> Json:
    """The policy that rules, once there is one that knows topics, languages and agents."""
    while True:
        with contextlib.suppress(Away):
            _, answer = await operator.ask("GET", "/config")
            policy: Json = answer.get("policy", {})
            if policy.get("agents") and policy.get("topics") and policy.get("languages"):
                return policy
        await asyncio.sleep(0.3)
