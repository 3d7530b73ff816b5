"""Synthetic traffic over the real API: all are served or leave, and nobody is left behind at the end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import Counter

import pytest

from router.core.events import Agent, Contact
from router.core.invariants import broken
from router.demo.api import NotTheDemonstration
from router.demo.traffic import run
from tests.unit.demo.running import Clocked, rule, serving

pytestmark = pytest.mark.server

PACE = 40  # times faster than in life


@contextlib.asynccontextmanager
async def traffic(server, rate: float = 1, *, pace: float = PACE, phones: bool = False):
    task = asyncio.create_task(run(str(server.make_url("")), rate, seed=7, pace=pace, phones=phones))
    try:
        yield
        assert not task.done(), "it ends only when it is told to"
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def agents(state) -> Counter[str]:
    return Counter(agent.state for agent in state.agents.values())


async def test_citizens_are_served_and_nobody_is_left_behind():
    door = Clocked()
    await rule(door)
    async with serving(door) as server, traffic(server):
        await door.until(lambda state: state.counts.ended >= 60)
    state = door.state
    assert broken(state) == []
    assert agents(state) == {"offline": 20}
    assert state.counts.waiting == state.counts.offered == 0
    assert {contact.channel for contact in state.contacts.values()} == {"phone", "chat", "email", "callback"}
    assert {offer.state for offer in state.offers.values()} >= {"accepted", "declined"}


async def test_it_waits_for_a_policy_and_goes_on_after_a_restart():
    door = Clocked()
    async with contextlib.AsyncExitStack() as stack:
        async with serving(door) as first:
            port = first.port
            await stack.enter_async_context(traffic(first))
            await rule(door)
            await door.until(lambda state: state.counts.connected >= 3)
        before = set(door.state.contacts)
        async with serving(door, port):
            await door.until(
                lambda state: any(
                    state.contacts[name].state == "ended" for name in set(state.contacts) - before
                )
            )
            await door.until(
                lambda state: all(state.contacts[name].state in ("ended", "gone") for name in before)
            )
            await stack.aclose()
    assert broken(door.state) == []


async def test_agents_leave_real_calls_to_the_telephone():
    door = Clocked()
    await rule(door)
    async with serving(door) as server, traffic(server, 0.0001, phones=True):
        await door.until(lambda state: agents(state)["ready"] == 20)
        for name in ("c-real", "demo-made-up"):
            await door.submit(
                Contact(name, "phone", ({"lang:fr": 5},), via="phone", topic="rights", language="fr")
            )
        await door.until(lambda state: state.contacts["demo-made-up"].state == "ended")
        assert door.state.contacts["c-real"].state == "offered"


async def test_an_agent_whom_the_core_set_away_comes_back():
    door = Clocked()
    await rule(door)
    async with serving(door) as server, traffic(server, 0.0001, pace=10):
        await door.until(lambda state: agents(state)["ready"] == 20)
        known = len(door.entries)
        await door.submit(Agent("ag01", "away", "missed"))
        await door.until(lambda state: state.agents["ag01"].state == "ready")
    said = [entry.event for entry in door.entries[known:] if getattr(entry.event, "agent", "") == "ag01"]
    assert [event.state for event in said[:2]] == ["away", "ready"], "and not after a break of its own"


async def test_what_was_not_taken_is_said_again_though_the_socket_held():
    door = Clocked()
    await rule(door)
    async with serving(door) as server, traffic(server, 0.0001):
        await door.until(lambda state: agents(state)["ready"] == 20)
        await door.submit(Contact("c-1", "chat", ({"lang:fr": 5},)))
        await door.until(lambda state: state.contacts["c-1"].state == "connected")
        door.refuse(2)
        await door.until(lambda state: state.contacts["c-1"].state == "ended")


async def test_a_site_that_is_no_demonstration_is_left_alone():
    door = Clocked()
    await rule(door)
    async with serving(door, demo=False) as server:
        with pytest.raises(NotTheDemonstration):
            await run(str(server.make_url("")), 1)
    assert not door.state.contacts


async def test_as_a_process_it_logs_everybody_out_when_it_is_told_to_stop():
    door = Clocked()
    await rule(door)
    async with serving(door) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "router.demo", "--url", str(server.make_url("")), "--pace", str(PACE)
        )
        try:
            await door.until(lambda state: state.counts.ended >= 3)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    assert agents(door.state) == {"offline": 20}


async def test_it_does_not_outlive_who_started_it():
    door = Clocked()
    await rule(door)
    async with serving(door) as server:
        command = f"{sys.executable} -m router.demo --with-parent --pace {PACE} --url {server.make_url('')}"
        shell = await asyncio.create_subprocess_exec("sh", "-c", f"{command} & wait")
        await door.until(lambda state: agents(state)["ready"] == 20)
        shell.kill()
        await shell.wait()
        await door.until(lambda state: agents(state) == {"offline": 20})
