"""Citizens walk the library by telephone: SIPp keys what scenarios say; the session's path must be theirs."""

from __future__ import annotations

import asyncio
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
STAYS = 90_000
OUTSIDE = {"employment", "health", "pension"}  # the lab has no line to numbers outside


def chosen(*waits: str) -> dict[str, Walk]:
    """Scenarios for the phone whose wait ends in one of these ways, each with a number of its own."""
    some = [
        (name, scenario)
        for name in NAMES
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


async def walked(lab, folder: Path, walks: dict[str, Walk], way, ready: bool) -> list[str]:
    """Every citizen, forty at once; what did not go as the scenario says."""
    faults: list[str] = []
    endpoints = {f"ag{number:02}": f"ag{number:02}" for number in range(1, 21)}
    skills = dict.fromkeys(("housing", "family", "disability", "rights", "employment", "technical"), 9)
    skills |= dict.fromkeys(("lang:fr", "lang:en", "lang:ar"), 9)
    plans = await asyncio.to_thread(lambda: {number: keyed(citizen) for number, citizen in walks.items()})
    async with (
        stage(lab, folder, walks, endpoints) as (runner, owner, _, counts),
        agents(lab, folder, ring=(100, 200), talk=(300, 400)),
    ):
        for agent in endpoints if ready else ():
            await owner.submit(Agent(agent, "ready", skills=skills, capacity={"phone": 1}))
        room, gate = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

        async def one(number: int, citizen: Walk) -> None:
            async with room:
                async with gate:
                    await asyncio.sleep(0.1)  # ten calls a second
                by = way if isinstance(way, str) else way[number % 2]
                await called(lab, folder / f"call{number}", citizen, by, plans[citizen.number])

        lab_calls = [one(number, citizen) for number, citizen in enumerate(walks.values())]
        await asyncio.gather(*lab_calls)

        async def over() -> bool:
            return all(each.ended for each in runner.sessions.values())

        with suppress(TimeoutError):
            await until(over, 10)
        for number, citizen in walks.items():
            running = runner.sessions.get(number)
            path = (
                [] if running is None else [p.removeprefix(f"{citizen.name}.") for p in running.session.path]
            )
            expect = citizen.scenario.expect
            if path != list(expect.path or ()):
                faults.append(f"{citizen.name}, {citizen.scenario.name}: expected {expect.path}, went {path}")
            elif running is not None and running.ended != expect.outcome:
                faults.append(
                    f"{citizen.name}, {citizen.scenario.name}: {running.ended}, not {expect.outcome}"
                )
        if faults:
            states = await owner.read(lambda state: sorted((a.agent, a.state) for a in state.agents.values()))
            print(counts, states)
    return faults


@pytest.mark.parametrize("way", [("rfc2833", "info")], ids=["both"])
async def test_every_branch_with_agents_there(lab, folder, way):
    walks = chosen("next")
    faults = await walked(lab, folder, walks, way, ready=True)
    print(f"{len(walks)} citizens, {len(faults)} went astray", *faults, sep="\n")
    assert faults == []


async def test_every_branch_of_a_line_that_nobody_serves(lab, folder):
    """Leaving for a call-back by a key in the line, and hanging up there."""
    walks = chosen("callback", "left")
    faults = await walked(lab, folder, walks, ("info", "rfc2833"), ready=False)
    print(f"{len(walks)} citizens, {len(faults)} went astray", *faults, sep="\n")
    assert faults == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["rfc2833", "info"])
async def test_every_branch_by_each_way_of_keying(lab, folder, way):
    assert await walked(lab, folder, chosen("next"), way, ready=True) == []
