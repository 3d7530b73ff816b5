"""Citizens walk the library by telephone: SIPp keys what scenarios say; the session's path must be theirs."""

from __future__ import annotations

import asyncio
import shutil
import statistics
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from ivr_flows.scenario import Scenario, walk
from ivr_flows.session import Answered, Collect, Done, Left, Perform, Session
from router.core.events import Agent
from tests.flows.library import NAMES, flow, hours, moment, scenarios
from tests.phone.flow_stage import Walk, stage
from tests.phone.gaps import gaps, judge
from tests.phone.lab import PRIVATE, Lab, free_ports
from tests.phone.sipp import Call, Keys, agents, citizens, cue
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(300)]

AT_ONCE = 40
DIGIT, STAYS = 180, 90_000  # milliseconds: between two digits; until who is forgotten hangs up
OUTSIDE = {"employment", "health", "pension"}  # the lab has no line to numbers outside


@pytest.fixture
def lab(folder):
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


def keyed(citizen: Walk) -> tuple[list[tuple[int | None, str]], int]:
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

    def __init__(self, lab, folder: Path) -> None:
        self._lab, self._folder = lab, folder
        self._at: dict[str, tuple[int, str]] = {}
        self._cues: set[asyncio.Task] = set()

    def turn(self, number: str) -> None:
        if number in self._at:
            task = asyncio.create_task(cue(*self._at[number]))
            self._cues.add(task)
            task.add_done_callback(self._cues.discard)

    async def call(self, citizen: Walk, way: str) -> None:
        presses, stays = await asyncio.to_thread(keyed, citizen)
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


def astray(citizen: Walk, running) -> str:
    """What did not go as the scenario says."""
    expect = citizen.scenario.expect
    path = [] if running is None else [p.removeprefix(f"{citizen.name}.") for p in running.session.path]
    if path != list(expect.path or ()):
        heard = [] if running is None else [each.text for each in running.session.heard]
        where = f"{citizen.number} {citizen.name}, {citizen.scenario.name}"
        return f"{where}: expected {expect.path}, went {path}, heard {heard}"
    if running.ended != expect.outcome:
        return f"{citizen.name}, {citizen.scenario.name}: {running.ended}, not {expect.outcome}"
    return ""


async def walked(lab, folder: Path, walks: dict[str, Walk], ways: Sequence[str], ready: bool) -> list[str]:
    """Every citizen once, forty at once; what went astray."""
    endpoints = {f"ag{number:02}": f"ag{number:02}" for number in range(1, 21)}
    async with (
        stage(lab, folder, walks, endpoints) as (runner, owner, _, _),
        agents(lab, folder, ring=(100, 200), talk=(300, 400)),
        gaps(lab, lab.judge) as waited,
    ):
        keeping = asyncio.create_task(keep_ready(owner, endpoints if ready else ()))
        callers = Callers(lab, folder)
        runner.turn = callers.turn
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
        faults = [fault for c in walks.values() if (fault := astray(c, runner.sessions.get(c.number)))]
        print(f"{len(walks)} citizens, {AT_ONCE} at once, {len(faults)} went astray", *faults, sep="\n")
        if len(waited) > 1:
            cut = [round(each * 1000) for each in statistics.quantiles(waited, n=20, method="inclusive")]
            print(f"key to prompt, {len(waited)}: p50 {cut[9]} ms, p95 {cut[18]} ms, max {max(waited):.3f} s")
        if faults:
            print(await owner.read(lambda s: [(a.agent, a.state) for a in s.agents.values()]))
    return faults


async def _over(runner) -> bool:
    return all(each.ended for each in runner.sessions.values())


def some(walks: dict[str, Walk], every: int) -> dict[str, Walk]:
    """Each so many-th."""
    return dict(list(walks.items())[::every])


async def test_branches_with_agents_there(lab, folder):
    """A quarter of them; the soak below walks all."""
    assert await walked(lab, folder, some(chosen("next"), 4), ("rfc2833", "info"), ready=True) == []


async def test_leaving_the_line_by_a_key_and_hanging_up_there(lab, folder):
    assert await walked(lab, folder, chosen("callback", "left"), ("info", "rfc2833"), ready=False) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["rfc2833", "info"])
async def test_every_branch_by_each_way_of_keying(lab, folder, way):
    assert await walked(lab, folder, chosen("next"), (way,), ready=True) == []
