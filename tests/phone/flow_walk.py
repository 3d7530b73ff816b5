"""Citizens who walk the library by telephone, forty at once: SIPp keys what scenarios say.

For the test, which compares the session's path with theirs, and for the bench, which times their keys.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ivr_flows.scenario import Scenario, walk
from ivr_flows.session import Answered, Collect, Done, Left, Perform, Session
from router.core.events import Agent
from tests.flows.library import NAMES, flow, hours, moment, scenarios
from tests.phone.flow_stage import Walk, stage
from tests.phone.gaps import gaps, judge
from tests.phone.lab import PRIVATE, Lab, free_ports
from tests.phone.sipp import Call, Keys, agents, citizens, cue
from tests.phone.until import until

AT_ONCE = 40
DIGIT, STAYS = 180, 90_000  # milliseconds: between two digits; until who is forgotten hangs up
Presses = tuple[list[tuple[int | None, str]], int]  # keys with what comes before each; until they hang up
OUTSIDE = {"employment", "health", "pension"}  # the lab has no line to numbers outside


@contextmanager
def judged(folder: Path) -> Iterator[Lab]:
    """The shipped configuration, with a manager more, who times."""
    etc = shutil.copytree(PRIVATE.parent / "etc", folder / "etc")
    secret = judge(etc)
    with Lab(folder / "asterisk", etc) as running:
        running.judge = secret
        yield running


def chosen(*waits: str) -> dict[str, Walk]:
    """Scenarios for the phone whose wait ends in one of these ways, each with a number of its own."""
    some = [
        (name, scenario)
        for name in NAMES
        if name != "waiting"  # by itself it asks for no place; others run it
        for scenario in scenarios(name)
        if "phone" in scenario.channels and scenario.given.wait in waits and not _connected(scenario)
    ]
    return {f"3230{n:04}": Walk(f"3230{n:04}", name, scenario) for n, (name, scenario) in enumerate(some, 1)}


def _connected(scenario: Scenario) -> bool:
    outside = OUTSIDE & {node.rpartition(".")[2] for node in scenario.expect.path or ()}
    return bool(outside) and scenario.given.transfer == "next"


def keyed(citizen: Walk) -> Presses:
    """What is pressed, the first key of an answer when it is the citizen's turn; how long they stay then."""
    happenings: list[tuple[object, Session]] = []
    walk(
        flow(citizen.name), citizen.scenario, "phone", moment(citizen.scenario), hours(citizen.scenario),
        lambda happened, step: happenings.append((happened, step.session)),
    )  # fmt: skip
    made: list[tuple[int | None, str]] = []
    before = Session()
    for happened, after in happenings:
        waited = before.waits_for
        in_line = isinstance(waited, Perform) and waited.service == "wait"
        match happened:
            case Answered(text=text):
                shorter = isinstance(waited, Collect) and len(text) < waited.most
                made += [
                    (DIGIT if number else None, key)
                    for number, key in enumerate(f"{text}#" if shorter else text)
                ]
            case Left():
                return [*made, (None, "")], 100
            case Done(port="callback") if in_line:
                made.append((None, "1"))
        before = after
    return made, STAYS


class Callers:
    """Forty citizens on the telephone, who press when it is their turn."""

    def __init__(self, lab, folder: Path, presses: Mapping[str, Presses]) -> None:
        self._lab, self._folder, self._presses = lab, folder, presses
        self._at: dict[str, tuple[int, str]] = {}
        self._cues: dict[str, asyncio.Task] = {}

    def turn(self, number: str) -> None:
        if number in self._at:
            self._cues[number] = asyncio.create_task(cue(*self._at[number]))

    def done(self, number: str) -> None:
        """They have heard: SIPp's own answer goes to Asterisk, and one cue more would be one key more."""
        if number in self._cues:
            self._cues.pop(number).cancel()

    async def call(self, citizen: Walk, way: str) -> None:
        presses, stays = self._presses[citizen.number]
        [port] = free_ports(1)
        folder = self._folder / f"call-{citizen.number}"
        await asyncio.to_thread(folder.mkdir)
        at = self._at[citizen.number] = (port, f"{citizen.number}-{port}@guichet")
        call = Call(citizen.number, patience=stays)
        await citizens(self._lab, folder, [call], keyed=Keys(presses, way), port=at[0], call_id=at[1])


async def keep_ready(owner, endpoints) -> None:
    """An agent whom a busy machine made miss calls is ready again."""
    skills = dict.fromkeys(("housing", "family", "disability", "rights", "employment", "technical"), 9)
    skills |= dict.fromkeys(("lang:fr", "lang:en", "lang:ar"), 9)
    while True:
        here = await owner.read(lambda state: {a.agent for a in state.agents.values() if a.state == "ready"})
        for agent in set(endpoints) - here:
            await owner.submit(Agent(agent, "ready", skills=skills, capacity={"phone": 1}))
        await asyncio.sleep(1)


def astray(citizen: Walk, running, logged: Sequence[str]) -> str:
    """What did not go as the scenario says."""
    expect = citizen.scenario.expect
    path = [node.removeprefix(f"{citizen.name}.") for node in logged]
    if path != list(expect.path or ()):
        heard = [] if running is None else [each.text for each in running.session.heard]
        where = f"{citizen.number} {citizen.name}, {citizen.scenario.name}"
        ended = "never began" if running is None else running.ended or "did not end"
        return f"{where}: expected {expect.path}, went {path}, heard {heard}, {ended}"
    if running.ended != expect.outcome:
        return f"{citizen.name}, {citizen.scenario.name}: {running.ended}, not {expect.outcome}"
    return ""


class Walked(NamedTuple):
    """What went astray, and the seconds from each key to the next prompt."""

    faults: list[str]
    gaps: list[float]


async def walked(
    lab,
    folder: Path,
    walks: dict[str, Walk],
    ways: Sequence[str],
    *,
    ready: bool,
    ahead: Callable[[str], int] | None = None,
    slow_s: float = 0,
) -> Walked:
    """Every citizen once, forty at once.

    `ahead`: milliseconds between two keys of who calls this number, and never waits for their turn.
    """
    presses = {number: keyed(citizen) for number, citizen in walks.items()}  # before anything is timed
    if ahead is not None:
        presses = {n: ([(ahead(n), key) for _, key in made], stays) for n, (made, stays) in presses.items()}
    endpoints = {f"ag{number:02}": f"ag{number:02}" for number in range(1, 21)}
    async with (
        stage(lab, folder, walks, endpoints, slow_s) as (runner, owner, _, _),
        agents(lab, folder, ring=(100, 200), talk=(300, 400)),
        gaps(lab, lab.judge) as waited,
    ):
        keeping = asyncio.create_task(keep_ready(owner, endpoints if ready else ()))
        callers = Callers(lab, folder, presses)
        runner.turn, runner.done = callers.turn, callers.done
        room, gate = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

        async def one(number: int, citizen: Walk) -> None:
            async with room:
                async with gate:
                    await asyncio.sleep(0.1)  # ten calls a second
                await callers.call(citizen, ways[number % len(ways)])

        await asyncio.gather(*(one(number, citizen) for number, citizen in enumerate(walks.values())))
        with suppress(TimeoutError):
            await until(lambda: _over(runner), 10)
        keeping.cancel()
        faults = [
            fault
            for number, citizen in walks.items()
            if (fault := astray(citizen, runner.sessions.get(number), await runner.logged(number)))
        ]
        if ahead is None:
            faults += [f"{number}: an answer that nobody keyed" for number in sorted(runner.early)]
        print(f"{len(walks)} citizens, {AT_ONCE} at once, {len(faults)} went astray", *faults, sep="\n")
        print(told(waited))
        if faults:
            print(await owner.read(lambda s: [(a.agent, a.state) for a in s.agents.values()]))
            print(await owner.read(lambda s: [c for c in s.contacts.values() if c.state == "waiting"]))
    return Walked(faults, waited)


def told(waited: list[float]) -> str:
    """The gaps in a line."""
    if len(waited) < 2:
        return "no keys"
    cut = [round(each * 1000) for each in statistics.quantiles(waited, n=100, method="inclusive")]
    return (
        f"key to prompt, {len(waited)}: p50 {cut[49]} ms, p95 {cut[94]} ms, p99 {cut[98]} ms, "
        f"max {max(waited) * 1000:.0f} ms"
    )


async def _over(runner) -> bool:
    return all(each.ended for each in runner.sessions.values())
