"""Citizens walk the library by telephone: SIPp keys what scenarios say; the session's path must be theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from ivr_flows.scenario import Scenario, walk
from ivr_flows.session import Answered, Collect, Done, Left, Perform, Session, Silent
from router.core.events import Agent
from tests.flows.library import NAMES, flow, hours, moment, scenarios
from tests.phone.flow_stage import Walk, stage
from tests.phone.lab import free_ports
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(300)]

AT_ONCE = 40
# Pauses in milliseconds: long enough for a busy machine; a question that is answered waits for its answer.
FIRST, NEXT, DIGIT, SILENT, AGENT = 2000, 1200, 180, 2800, 5000
STAYS = 30_000
OUTSIDE = {"employment", "health", "pension"}  # the lab has no line to numbers outside


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


def keyed(citizen: Walk) -> tuple[list[tuple[int, str]], int]:
    """What is pressed, each key after its pause, and when the citizen hangs up."""
    happenings: list[tuple[object, Session]] = []
    walk(
        flow(citizen.name), citizen.scenario, "phone", moment(citizen.scenario), hours(citizen.scenario),
        lambda happened, step: happenings.append((happened, step.session)),
    )  # fmt: skip
    made: list[tuple[int, str]] = []
    pause, before = FIRST, Session()
    for happened, after in happenings:
        waited = before.waits_for
        match happened:
            case Answered(text=text):
                shorter = isinstance(waited, Collect) and len(text) < waited.most
                for number, key in enumerate(f"{text}#" if shorter else text):
                    made.append((DIGIT if number else pause, key))
                pause = NEXT
            case Silent():
                pause += SILENT
            case Left():
                return made, pause
            case Done(port="callback") if isinstance(waited, Perform) and waited.service == "wait":
                made.append((pause + AGENT, "1"))
                pause = NEXT
            case Done() if isinstance(waited, Perform) and waited.service == "wait":
                pause += AGENT
            case _:
                pass
        before = after
    return made, STAYS


async def called(lab, folder: Path, citizen: Walk, way: str, plan: tuple[list[tuple[int, str]], int]) -> None:
    presses, stays = plan
    await asyncio.to_thread(folder.mkdir)
    [port] = free_ports(1)
    await citizens(lab, folder, [Call(citizen.number, patience=stays)], keyed=Keys(presses, way), port=port)


def slower(plan: tuple[list[tuple[int, str]], int]) -> tuple[list[tuple[int, str]], int]:
    """The same, with twice the time before each answer."""
    presses, stays = plan
    return [(pause if pause == DIGIT else 2 * pause, key) for pause, key in presses], 2 * stays


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
        return f"{citizen.name}, {citizen.scenario.name}: expected {expect.path}, went {path}"
    if running.ended != expect.outcome:
        return f"{citizen.name}, {citizen.scenario.name}: {running.ended}, not {expect.outcome}"
    return ""


async def walked(lab, folder: Path, walks: dict[str, Walk], ways: Sequence[str], ready: bool) -> list[str]:
    """Every citizen, forty at once. Whose key fell between two prompts of a busy machine calls once more."""
    endpoints = {f"ag{number:02}": f"ag{number:02}" for number in range(1, 21)}
    plans = await asyncio.to_thread(lambda: {number: keyed(citizen) for number, citizen in walks.items()})
    async with (
        stage(lab, folder, walks, endpoints) as (runner, owner, _, _),
        agents(lab, folder, ring=(100, 200), talk=(300, 400)),
    ):
        keeping = asyncio.create_task(keep_ready(owner, endpoints if ready else ()))
        faults: list[str] = []
        for turn, at_once in enumerate((AT_ONCE, 8)):
            again = [c for c in walks.values() if turn == 0 or astray(c, runner.sessions.get(c.number))]
            room, gate = asyncio.Semaphore(at_once), asyncio.Lock()

            async def one(number: int, citizen: Walk, turn=turn, room=room, gate=gate) -> None:
                async with room:
                    async with gate:
                        await asyncio.sleep(0.1)  # ten calls a second
                    plan = plans[citizen.number] if turn == 0 else slower(plans[citizen.number])
                    way = ways[number % len(ways)]
                    await called(lab, folder / f"call{turn}-{number}", citizen, way, plan)

            await asyncio.gather(*(one(number, citizen) for number, citizen in enumerate(again)))
            with suppress(TimeoutError):
                await until(lambda: _over(runner), 10)
            faults = [fault for c in again if (fault := astray(c, runner.sessions.get(c.number)))]
            print(f"try {turn + 1}: {len(again)} citizens, {len(faults)} went astray", *faults, sep="\n")
            if not faults:
                break
        keeping.cancel()
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
